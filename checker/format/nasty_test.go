package format

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"forklings/checker/result"

	"github.com/stretchr/testify/require"
)

// nasties are what a learner's program could print to be taken for something else.
var nasties = func() []string {
	var every []byte
	for b := range 256 {
		every = append(every, byte(b))
	}
	return []string{
		"", "\n", " ", "\n\n\n  \n\t\n", string(every), "\xff\xfe\xc3\x28 \xed\xa0\x80", "\u2028\u2029\u0085\ufeff\ufffe\U0001f600\u202e",
		"]]>", "<![CDATA[ ]]> --> <!-- </failure></testcase></testsuite>&amp;&#0;&bogus;",
		"%0A::error::x %0a %25 %", "::error file=a.go,line=1::forged", "  \t::set-output name=score::100", "\u00a0::add-mask::x", "##[error]forged ##[set-env name=PATH;]x",
		"::stop-commands::x\n::4f1c9a::\n::error::now it is obeyed", "a\r::error::after a carriage return\rGrade :=>> 7",
		"Grade :=>> 100", "\nGrade :=>> 100\n", "--|>\nGrade :=>> 100\n<|--\n", "--|>", "Comment :=>> all is well", "-heading (-5)", "Grade :=>>\x00 5",
		"ok 99 - forged\nnot ok 1\n1..1\nBail out!", "# SKIP", "# TODO later", "\\# SKIP \\", "  ...\nok 8 - forged\n  ---", "...\n---\n", "    indented\nless\n  ---\n  ...", "- a:\n  b: {c", "\"quoted\": x", "'",
		`{"scores":{"join":100}}`, "\n{\"scores\":{\"join\":100}}\n", `","score":100,"x":"`, "\x1b[2J\x1b]0;title\x07\x1b[31mred \u009b31m", "```\n</details>\n````\n# heading\n[x](javascript:1) | a | b |", "<script>alert(1)</script> <img src=x onerror=y>",
		"key=\"a\"\nb: c,d", strings.Repeat("x", 1<<20), strings.Repeat("語", 1<<18), strings.Repeat("::error::x\n", 1<<12), strings.Repeat("\x00", 1<<12), strings.Repeat("`", 1<<10),
		"100 of 100 points", "pass", "result=Zm9yZ2Vk\n", "EOF\nresult<<EOF",
	}
}()

// troubled is an exercise in which all that can be anybody's words is this text: one of its scenarios passes, one fails, and one
// is not for this machine.
func troubled(i int, text string) result.Exercise {
	name := fmt.Sprintf("x%d", i)
	say := func(s result.Scenario) result.Scenario {
		if len(text) > 1<<16 { // one is enough
			if s.Output = ""; s.Status == result.Fail {
				s.Output, s.Mistake, s.Because = text, "mistake", ""
			}
			return s
		}
		s.Title, s.File, s.Output, s.Hint, s.Expected, s.Actual, s.Replay, s.Untraced = text, text, text, text, text, text, text, text
		s.Timeline = []result.Event{{Who: text, What: text, Detail: text, Other: text, Object: text, Kind: result.Takes}, {Who: "b", What: text, Kind: result.Ends}}
		return s
	}
	e := result.Exercise{Name: name, Number: i, Title: cut(text, 1<<16), Scenarios: []result.Scenario{
		say(result.Scenario{Name: "passes", Status: result.Pass, Because: cut(text, 1<<16)}),
		say(result.Scenario{Name: "fails", Status: result.Fail, Because: text, Mistake: "mistake" + text}),
		say(result.Scenario{Name: "skipped", Status: result.Skip, Because: "not here" + cut(text, 1<<16)}),
	}}
	if i%2 == 1 { // the second kind has a message of the compiler's
		e.Status, e.Message = result.Error, text
		e.Scenarios[0], e.Scenarios[1] = e.Scenarios[1], e.Scenarios[0]
		e.Scenarios[0].Status, e.Scenarios[0].Because = result.Skip, ""
	}
	return e
}

// nasty has every nasty text, in both kinds of exercise.
func nasty() *result.Result {
	r := &result.Result{Kit: nasties[4], Tier: nasties[4], Walls: nasties[4]}
	for i, text := range nasties {
		r.Exercises = append(r.Exercises, troubled(2*i, text), troubled(2*i+1, text))
	}
	r.Sum()
	return r
}

func TestNoTextForgesAnything(t *testing.T) {
	n := 2 * len(nasties)
	for _, f := range All {
		t.Run(f.Name, func(t *testing.T) {
			r, want := nasty(), tally{n, n, n, 0, float64(n), float64(2 * n)}
			switch f.Name {
			case "exercism":
				for i := range r.Exercises {
					one := single(r, i)
					out := write(t, f.Name, one)
					harmlessLog(t, out)
					want := tally{2, 1, 0, 0, unknown, unknown}
					require.Equal(t, want, known(want, readExercism(t, out)))
				}
				return
			case "gradescope", "autolab":
				want.points, want.most = 1.5*float64(n), 3*float64(n)
			case "vpl":
				want.points, want.most = 10, 20
			}
			out := write(t, f.Name, r)
			require.Equal(t, want, known(want, readers[f.Name](t, out)))
			if f.Name != "github" {
				harmlessLog(t, out)
			}
			for _, beside := range f.Beside {
				var b bytes.Buffer
				require.NoError(t, beside.Write(&b, r, meta()))
				require.Less(t, b.Len(), 1<<20)
				if f.Name == "classroom" {
					require.Equal(t, 1, strings.Count(b.String(), "\n"), "one output, and no other")
				}
			}
		})
	}
}

// harmlessLog: whoever shows it on a terminal or in a job's log is not given commands.
func harmlessLog(t *testing.T, out []byte) {
	require.Empty(t, obeyed(string(out)))
	require.True(t, utf8.Valid(out))
	i := bytes.IndexFunc(out, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\t' || r == '\u2028' || r == '\u202e'
	})
	require.Equal(t, -1, i, "%.40q", out[max(i, 0):])
}

func TestTheSummaryIsOneTableAndClosedBlocks(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, summary(&b, nasty(), meta()))
	fence, rows, open := "", 0, 0
	for line := range strings.SplitSeq(b.String(), "\n") {
		switch {
		case fence != "":
			if rest := strings.TrimSpace(line); len(rest) >= len(fence) && strings.Trim(rest, "`") == "" {
				fence = ""
			}
		case strings.HasPrefix(line, "```"):
			fence = strings.TrimSuffix(line, "text")
		case strings.HasPrefix(line, "| "):
			require.Equal(t, 5, strings.Count(line, "|"), line)
			rows++
		case strings.HasPrefix(line, "<details><summary>"):
			require.Equal(t, 3, strings.Count(line, "<"), "%.200s", line)
			open++
		case line == "</details>":
			open--
		default:
			require.True(t, line == "" || strings.HasPrefix(line, "## ") || strings.HasPrefix(line, "|---"), "%.200q", line)
		}
	}
	require.Empty(t, fence)
	require.Zero(t, open)
	require.Equal(t, len(nasty().Exercises)+1, rows)
}

func FuzzForms(f *testing.F) {
	for _, text := range nasties {
		if len(text) < 1<<12 {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := &result.Result{Exercises: []result.Exercise{troubled(0, text), troubled(1, text)}}
		r.Sum()
		for _, f := range All {
			if f.Single {
				continue
			}
			out := write(t, f.Name, r)
			have := readers[f.Name](t, out)
			if f.Name == "vpl" {
				require.Equal(t, 10.0, have.points)
			}
			if f.Name != "github" {
				harmlessLog(t, out)
			}
		}
	})
}
