package format

import (
	"encoding/xml"
	"fmt"
	"io"

	"forklings/checker/result"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string     `xml:"classname,attr"`
	Name    string     `xml:"name,attr"`
	File    string     `xml:"file,attr,omitempty"`
	Time    string     `xml:"time,attr"`
	Failure *junitText `xml:"failure"`
	Error   *junitText `xml:"error"`
	Skipped *junitText `xml:"skipped"`
}

type junitText struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// junit is JUnit's XML. The strict form has nothing that junit-10.xsd refuses. A testcase's name is unique in all of the file: GitLab
// drops another of the same name.
func junit(strict bool) func(io.Writer, *result.Result, Meta) error {
	return func(w io.Writer, r *result.Result, m Meta) error {
		r = clean(r)
		out := junitSuites{Name: "forklings"}
		var all float64
		seconds := map[*result.Exercise]float64{}
		var last *result.Exercise
		for _, t := range tests(r, m) {
			if t.exercise != last {
				last = t.exercise
				out.Suites = append(out.Suites, junitSuite{Name: last.Name})
			}
			suite := &out.Suites[len(out.Suites)-1]
			c := junitCase{Class: t.exercise.Name, Name: t.name, Time: milliseconds(t.Seconds)}
			if !strict {
				c.File = oneLine(tame(or(m.Source[t.exercise.Name].File, t.File)))
			}
			text := &junitText{Type: string(t.status()), Message: t.headline(m), Text: t.detail(mostOutput)}
			switch t.outcome {
			case failed:
				c.Failure = text
				suite.Failures++
				out.Failures++
			case faulty:
				c.Error = text
				suite.Errors++
				out.Errors++
			case skipped:
				c.Skipped = text
				suite.Skipped++
			}
			suite.Cases = append(suite.Cases, c)
			suite.Tests++
			out.Tests++
			all += t.Seconds
			seconds[t.exercise] += t.Seconds
			suite.Time = milliseconds(seconds[t.exercise])
		}
		out.Time = milliseconds(all)
		data, err := xml.MarshalIndent(out, "", "  ")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, data)
		return err
	}
}

// milliseconds is a time in seconds, with the three decimals that the schema takes.
func milliseconds(seconds float64) string { return fmt.Sprintf("%.3f", seconds) }
