package cli

import (
	"fmt"
	"io"

	"forklings/checker/lang"
	"forklings/checker/render"
	"forklings/checker/result"
)

// progress tells how far long work has come: on a terminal in one line that is drawn anew, elsewhere in lines.
type progress struct {
	w      io.Writer
	lang   lang.Lang
	redraw bool
	n      int
	drawn  bool
}

func (c *call) progress() *progress { return &progress{w: c.Err, lang: c.lang, redraw: c.Redraw} }

// draw shows a line until the next one is drawn; where lines cannot be drawn anew, nothing.
func (p *progress) draw(line string) {
	if p.redraw {
		fmt.Fprint(p.w, "\r\x1b[K"+line)
		p.drawn = true
	}
}

// clear takes the line away.
func (p *progress) clear() {
	if p.drawn {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.drawn = false
	}
}

// graded hears of one exercise out of so many. Elsewhere than on a terminal, what took no time is not told.
func (p *progress) graded(e result.Exercise, of int) {
	p.n++
	if p.redraw {
		p.draw(p.lang.Sprintf("grading: %d of %d %s", p.n, of, e.Name))
	} else if of > 1 && e.Status != result.Todo {
		fmt.Fprintln(p.w, p.lang.Sprintf("%d of %d: %s %s", p.n, of, e.Name, render.Status(p.lang, e.Status)))
	}
}

// verified hears of verdicts: n out of so many. Elsewhere than on a terminal, every tenth part is told.
func (p *progress) verified(what string, n, of int) {
	if p.redraw {
		p.draw(fmt.Sprintf("%s: %d of %d", what, n, of))
	} else if of >= 10 && n*10/of > (n-1)*10/of {
		fmt.Fprintf(p.w, "%s: %d of %d\n", what, n, of)
	}
}

// over writes to w, without a line of progress in between.
func (p *progress) over(w io.Writer) io.Writer { return over{p, w} }

type over struct {
	*progress
	to io.Writer
}

func (o over) Write(b []byte) (int, error) {
	o.clear()
	return o.to.Write(b)
}
