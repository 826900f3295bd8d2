package format

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strconv"
	"strings"

	"forklings/checker/render"
	"forklings/checker/result"
)

// GitHub shows no more of each type in a step, and no more characters of each.
const (
	mostAnnotations = 10
	mostAnnotation  = 4000
)

// github is the log of a step: the text, in which the runner obeys nothing, and behind it at most ten annotations of a type.
// See https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
func github(w io.Writer, r *result.Result, m Meta) error {
	if m.Token == "" {
		return errors.New("the GitHub log needs a token that ends the part without commands")
	}
	r = clean(r)
	var b bytes.Buffer
	fmt.Fprintf(&b, "::stop-commands::%s\n", m.Token)
	var said bytes.Buffer
	if err := render.Text(&said, r, m.Style); err != nil {
		return err
	}
	b.WriteString(quiet(strings.ReplaceAll(said.String(), m.Token, "")))
	fmt.Fprintf(&b, "\n::%s::\n", m.Token)

	all := tests(r, m)
	var errs, warnings []annotation
	for i := range r.Exercises {
		e := &r.Exercises[i]
		for _, t := range all {
			if t.exercise != e || t.outcome == passed || t.outcome == skipped {
				continue
			}
			if t.outcome == faulty {
				warnings = append(warnings, annotate("warning", t, m))
			} else if e.Status != result.Todo { // nothing stands on those lines yet
				errs = append(errs, annotate("error", t, m))
			}
			break // one for each exercise; the summary has them all
		}
	}
	for _, list := range [][]annotation{errs, warnings} {
		if n := len(list) - mostAnnotations + 1; n > 1 {
			list = append(list[:mostAnnotations-1], annotation{kind: list[0].kind, title: "forklings",
				message: m.Style.Lang.Sprintf("and %d exercises more; the summary has them all", n)})
		}
		for _, a := range list {
			b.WriteString(a.String())
		}
	}
	points, most := sum(all)
	b.WriteString(annotation{kind: "notice", title: "forklings", message: m.Style.Lang.Sprintf("%s of %s points", number(points), number(most))}.String())
	_, err := w.Write(b.Bytes())
	return err
}

type annotation struct {
	kind, file   string
	line, column int
	title        string
	message      string
}

var (
	dataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func (a annotation) String() string {
	var properties []string
	add := func(name, value string) {
		properties = append(properties, name+"="+propertyEscapes.Replace(quiet(oneLine(tame(value)))))
	}
	if a.file != "" {
		add("file", a.file)
		if a.line > 0 {
			add("line", strconv.Itoa(a.line))
			add("endLine", strconv.Itoa(a.line))
		}
		if a.column > 0 {
			add("col", strconv.Itoa(a.column))
		}
	}
	add("title", a.title)
	return fmt.Sprintf("::%s %s::%s\n", a.kind, strings.Join(properties, ","), dataEscapes.Replace(quiet(cut(a.message, mostAnnotation))))
}

var complaint = regexp.MustCompile(`(?m)^(.+?):(\d+)(?::(\d+))?: (.+)$`)

// annotate puts what there is to say where the learner's function begins, or on the line that the compiler complains of when that
// is in the same folder.
func annotate(kind string, t test, m Meta) annotation {
	at := m.Source[t.exercise.Name]
	t.Timeline, t.Untraced = nil, "" // GitHub shows annotations in a font that would spoil it; the summary has it
	t.said = t.all(m)
	a := annotation{kind: kind, file: at.File, line: at.Line, title: t.name, message: t.detail(mostAnnotation)}
	if a.file == "" {
		a.file, a.line = t.File, t.Line
	}
	if h := t.headline(m); t.outcome == failed && t.Status != result.Skip {
		a.title += " " + h
	}
	if found := complaint.FindStringSubmatch(t.exercise.Message); found != nil && t.outcome == failed && at.File != "" {
		if file := path.Clean(found[1]); path.Dir(file) == path.Dir(path.Clean(at.File)) {
			a.file = file
			a.line, _ = strconv.Atoi(found[2])
			a.column, _ = strconv.Atoi(found[3])
			a.title, a.message = t.exercise.Name, t.exercise.Message
		}
	}
	return a
}
