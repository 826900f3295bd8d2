package format

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"forklings/checker/result"
)

// mostVPL is of all details together: the whole output of an evaluation is kept in Moodle's database.
const mostVPL = 256 << 10

// vpl is what Moodle's Virtual Programming Lab reads on the output of an evaluation: a comment between <|-- and --|>, in which a
// line with - begins a heading and one with > is shown as it is, and a line with the grade, of which the last one counts.
// Where something was not judged there is no grade, and the teacher sees that there is none.
func vpl(w io.Writer, r *result.Result, m Meta) error {
	r = clean(r)
	l := m.Style.Lang
	all := tests(r, m)
	unjudged := 0
	for _, t := range all {
		if t.outcome == faulty {
			unjudged++
		}
	}
	points, full := sum(all)
	out := fit(mostVPL, func(most int) []byte {
		var b bytes.Buffer
		b.WriteString("<|--\n")
		fmt.Fprintf(&b, "-%s\n", l.Sprintf("%s of %s points", number(points), number(full)))
		if unjudged > 0 {
			fmt.Fprintf(&b, ">%s\n", l.Sprintf("%d of %d scenarios were not judged: the fault is the grader's or the machine's, not the attempt's. There is no grade until it is graded again.", unjudged, len(all)))
		}
		for _, t := range all {
			fmt.Fprintf(&b, "-%s %s\n", harmless(t.name), heading(t, m))
			if detail := t.detail(most); detail != t.headline(m) {
				for line := range strings.SplitSeq(detail, "\n") {
					fmt.Fprintf(&b, ">%s\n", harmless(line))
				}
			}
		}
		b.WriteString("--|>\n")
		return b.Bytes()
	})
	if unjudged == 0 && full > 0 {
		low, high := 0.0, 100.0
		if x, err := strconv.ParseFloat(m.env("VPL_GRADEMAX"), 64); err == nil {
			high = x
		}
		if x, err := strconv.ParseFloat(m.env("VPL_GRADEMIN"), 64); err == nil {
			low = x
		}
		out = fmt.Appendf(out, "\nGrade :=>> %s\n", number(low+(high-low)*points/full))
	}
	_, err := w.Write(out)
	return err
}

// heading is the outcome behind a test's name: without brackets at its end, which would hold points to take off.
func heading(t test, m Meta) string {
	if t.outcome == passed {
		return "pass"
	}
	return strings.TrimRight(harmless(fmt.Sprintf("%s: %s", t.status(), cut(t.headline(m), 200))), " )")
}

// harmless is a line in which nothing is a tag.
func harmless(line string) string {
	return strings.NewReplacer(":=>>", ":=> >", "--|>", "--| >", "<|--", "<| --").Replace(line)
}
