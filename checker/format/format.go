// Package format writes a result in the forms that course platforms and CI systems read. Each form is a pure function
// of the result and of a Meta, and trusts no text in the result: what a learner's program has printed cannot end a string, begin a
// line of the form's own, or be a command to whoever reads the log.
package format

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"

	"forklings/checker/lang"
	"forklings/checker/render"
	"forklings/checker/result"
)

// Meta is what a form may need beside the result.
type Meta struct {
	Time    time.Time
	Getenv  func(string) string // where the platform says whose submission this is; nil: nowhere
	Style   render.Style        // of the text; its language is that of all forms
	Token   string              // for the GitHub log: nobody who is graded knows it
	Source  map[string]Source   // by exercise: the learner's file
	Weighed bool                // a course has set what each exercise is worth, whatever of it can be played here

	fixed bool // the reader has its own maximum: what cannot be played here is shared out over the rest of its exercise
}

// Source is where a learner's function begins.
type Source struct {
	File string
	Line int
}

func (m Meta) env(name string) string {
	if m.Getenv == nil {
		return ""
	}
	return m.Getenv(name)
}

// Format is one form.
type Format struct {
	Name string
	Who  lang.Words // reads it, and where
	Help lang.Words // what its reader has to know

	// Write writes the whole form, or nothing and returns an error.
	Write func(w io.Writer, r *result.Result, m Meta) error

	// Exit is the exit status that the reader wants when everything was graded and written.
	Exit func(r *result.Result) int

	Check  func(m Meta) error // what is missing for it, known before anything is graded
	Single bool               // it is for exactly one exercise
	Told   bool               // the learner hears of everything through it: a folder that holds no attempt is a result, too
	Live   bool               // a file with it is written anew after every exercise, so that a killed run keeps what was graded
	Beside []Beside           // what is appended to files that the environment names
}

// Beside is a part of a form that goes into the file that an environment variable names, where it is set.
type Beside struct {
	Env   string
	Write func(w io.Writer, r *result.Result, m Meta) error
}

// All are the forms, those for people first.
var All = []Format{
	{Name: "text", Who: lang.Mark("people"), Exit: verdict, Write: text,
		Help: lang.Mark("The first failed scenario of each exercise in full, with its timeline; -v for all.")},
	{Name: "json", Who: lang.Mark("scripts"), Exit: verdict, Write: jsonForm, Live: true,
		Help: lang.Mark("All that is known, as one object of schema forklings/result/v1.")},
	{Name: "junit", Who: lang.Mark("GitLab, Jenkins and others that read JUnit XML"), Exit: verdict, Write: junit(false),
		Help: lang.Mark("A testsuite for each exercise, with the learner's file on each testcase. A fault of the machine is an <error>, everything else that did not pass a <failure>. " +
			"GitLab fails no job for a report: the exit status does.")},
	{Name: "junit-strict", Who: lang.Mark("readers that check JUnit against junit-10.xsd"), Exit: verdict, Write: junit(true),
		Help: lang.Mark("The same without what that schema refuses, the file of a testcase.")},
	{Name: "tap", Who: lang.Mark("prove and others that read TAP"), Exit: verdict, Write: tap,
		Help: lang.Mark("TAP version 13, the details as YAML.")},
	{Name: "github", Who: lang.Mark("GitHub Actions: the log, the annotations, the summary"), Exit: verdict, Write: github,
		Beside: []Beside{{"GITHUB_STEP_SUMMARY", summary}},
		Help:   lang.Mark("At most ten annotations, on the learner's lines; all details with the timelines are appended to $GITHUB_STEP_SUMMARY. The learner's output cannot give the runner commands.")},
	{Name: "classroom", Who: lang.Mark("autograding-grading-reporter of GitHub Classroom"), Exit: ran, Write: classroom, Told: true,
		Beside: []Beside{{"GITHUB_OUTPUT", classroomOutput}},
		Help:   lang.Mark("Base64, on the output and as result= in $GITHUB_OUTPUT: hand it to the reporter as NAME_RESULTS.")},
	{Name: "classroom50", Who: lang.Mark("Classroom 50's runner, as result.json"), Exit: whole, Write: classroom50, Told: true, Check: classroom50Check,
		Help: lang.Mark("Write it with -o result.json. Whose submission it is comes from the environment that the runner sets, CLASSROOM, ASSIGNMENT, SUBMISSION_TAG, COMMIT_URL and RELEASE_URL among it. " +
			"Where something could not be judged the exit status is 3, and the runner reports an error in place of a score.")},
	{Name: "gradescope", Who: lang.Mark("Gradescope, as /autograder/results/results.json"), Exit: ran, Write: gradescope, Told: true, Live: true,
		Help: lang.Mark("Write it with -o: the file is there from the start and written anew after every exercise, so that a time-out keeps what was graded.")},
	{Name: "exercism", Who: lang.Mark("Exercism's test runner interface, version 3, as results.json"), Exit: ran, Write: exercism, Told: true, Single: true,
		Help: lang.Mark("One exercise, named in the command.")},
	{Name: "prairielearn", Who: lang.Mark("PrairieLearn's external grader, as /grade/results/results.json"), Exit: ran, Write: prairielearn, Told: true,
		Help: lang.Mark("Write it with -o. Where something could not be judged the submission is not gradable, which costs the learner nothing.")},
	{Name: "vpl", Who: lang.Mark("Moodle's Virtual Programming Lab, on the output of vpl_execution"), Exit: ran, Write: vpl, Told: true,
		Help: lang.Mark("The grade is scaled to VPL_GRADEMIN and VPL_GRADEMAX, without them to 0 and 100. Where something could not be judged, no grade is proposed.")},
	{Name: "autolab", Who: lang.Mark("Autolab, on the output of the autograder"), Exit: ran, Write: autolab, Told: true,
		Help: lang.Mark("The text, and the scores in the last line. The assessment needs a problem of each exercise's name. An exercise that could not be judged gets no score.")},
}

// Find looks a form up by its name.
func Find(name string) (Format, bool) {
	for _, f := range All {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// Names are the forms' names: "text, json, tap".
func Names(l lang.Lang) string {
	var names []string
	for _, f := range All {
		names = append(names, f.Name)
	}
	return strings.Join(names, l.Text(", "))
}

// Help is a page on all forms.
func Help(l lang.Lang) string {
	var b strings.Builder
	for _, f := range All {
		fmt.Fprintf(&b, "%s\n    %s\n", f.Name, l.Sprintf("for %s", l.Say(f.Who)))
		for _, line := range render.Fill(l.Say(f.Help), 76) {
			fmt.Fprintf(&b, "    %s\n", line)
		}
		fmt.Fprintf(&b, "    %s\n\n", exits(f, l))
	}
	return b.String()
}

// exits says what exit statuses the form has.
func exits(f Format, l lang.Lang) string {
	var codes []int
	for _, s := range []result.Status{result.Pass, result.Fail, result.Error} {
		r := &result.Result{Exercises: []result.Exercise{{Scenarios: []result.Scenario{{Status: s}}}}}
		r.Sum()
		codes = append(codes, f.Exit(r))
	}
	switch {
	case codes[0] == codes[2]:
		return l.Sprintf("exit status: %d whenever it was graded", codes[0])
	case codes[0] == codes[1]:
		return l.Sprintf("exit status: %d whenever it was graded, %d when something could not be judged", codes[0], codes[2])
	}
	return l.Sprintf("exit status: %d passed, %d something did not, %d something could not be judged", codes[0], codes[1], codes[2])
}

// verdict is for readers that want to be told by the exit status.
func verdict(r *result.Result) int { return r.ExitStatus() }

// ran is for readers that take everything from the form, and any other exit status than 0 for a broken grader.
func ran(*result.Result) int { return 0 }

// whole is for readers that take everything from the form but that something could not be judged.
func whole(r *result.Result) int {
	if code := r.ExitStatus(); code == 3 {
		return code
	}
	return 0
}

func text(w io.Writer, r *result.Result, m Meta) error {
	var b bytes.Buffer
	if err := render.Text(&b, clean(r), m.Style); err != nil {
		return err
	}
	_, err := io.WriteString(w, quiet(b.String()))
	return err
}

func jsonForm(w io.Writer, r *result.Result, _ Meta) error {
	var b bytes.Buffer
	if err := render.JSON(&b, r); err != nil {
		return err
	}
	_, err := io.WriteString(w, escaped(b.String()))
	return err
}

// escaped is the same JSON, in which a terminal finds nothing to obey, and GitHub's runner neither: that can only stand in strings.
func escaped(data string) string {
	var b strings.Builder
	for _, r := range strings.ReplaceAll(data, "##[", `##\u005b`) {
		if r == '\n' || r >= ' ' && r < 0x7f || unicode.IsGraphic(r) {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}
