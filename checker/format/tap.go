package format

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"forklings/checker/result"
)

// tap is the Test Anything Protocol in version 13, which Perl's prove reads. What there is to say stands in a YAML block, in the part of
// YAML that prove knows.
func tap(w io.Writer, r *result.Result, m Meta) error {
	all := tests(clean(r), m)
	var b bytes.Buffer
	fmt.Fprintf(&b, "TAP version 13\n1..%d\n", len(all))
	for i, t := range all {
		ok := "ok"
		if t.outcome == failed || t.outcome == faulty {
			ok = "not ok"
		}
		fmt.Fprintf(&b, "%s %d - %s", ok, i+1, described(strings.TrimSpace(t.name+" "+t.Title)))
		if t.outcome == skipped {
			fmt.Fprintf(&b, " # SKIP %s", described(oneLine(t.Because)))
		}
		b.WriteString("\n")
		if t.outcome == passed || t.outcome == skipped {
			continue
		}
		fmt.Fprintf(&b, "  ---\n  status: %s\n  message: %s\n", t.status(), quoted(t.headline(m)))
		if t.File != "" && t.Line > 0 {
			fmt.Fprintf(&b, "  at: %s\n", quoted(fmt.Sprintf("%s:%d", t.File, t.Line)))
		}
		if detail := t.detail(mostOutput); detail != t.headline(m) {
			// The first line of a block sets how far it is indented, and prove ends it at an empty one.
			b.WriteString("  detail: |\n")
			for line := range strings.SplitSeq(strings.TrimLeft(detail, " \n"), "\n") {
				fmt.Fprintf(&b, "    %s\n", line)
			}
		}
		b.WriteString("  ...\n")
	}
	points, most := sum(all)
	fmt.Fprintf(&b, "# %s of %s points\n", number(points), number(most))
	_, err := w.Write(b.Bytes())
	return err
}

// described is a test's description: # would begin a directive.
func described(text string) string {
	return quiet(strings.NewReplacer(`\`, `\\`, "#", `\#`).Replace(text))
}

// quoted is a string in double quotes, as YAML and JSON both read it.
func quoted(text string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(quiet(text))
	return strings.TrimSuffix(b.String(), "\n")
}
