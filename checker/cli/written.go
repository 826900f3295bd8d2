package cli

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"os"
	"slices"
	"time"

	"forklings/checker/attempt"
	"forklings/checker/format"
	"forklings/checker/grade"
	"forklings/checker/kit"
	"forklings/checker/lang"
	"forklings/checker/render"
	"forklings/checker/result"
)

// meta is what a form may need beside the result.
func (c *call) meta(handed []attempt.Handed, style render.Style) format.Meta {
	m := format.Meta{Time: time.Now(), Getenv: os.Getenv, Style: style, Token: rand.Text(), Weighed: c.syllabus != nil, Source: map[string]format.Source{}}
	for _, h := range handed {
		if len(h.Files) > 0 {
			m.Source[h.Exercise.Name] = source(h)
		}
	}
	return m
}

// source is where the learner's first function begins, in the file that the exercise names when it is there.
func source(h attempt.Handed) format.Source {
	i := max(slices.IndexFunc(h.Files, func(f attempt.File) bool { return f.Name == h.Exercise.File }), 0)
	s := format.Source{File: h.Files[i].Shown(), Line: 1}
	for n, line := range bytes.Split(h.Files[i].Data, []byte("\n")) {
		if bytes.HasPrefix(line, []byte("func ")) {
			s.Line = n + 1
			break
		}
	}
	return s
}

// keeper keeps a file as far as the grading has come.
type keeper struct {
	so    *result.Result
	write func() error
}

// keep writes the file now, with nothing graded. When it cannot be written later, the end will say so.
func (c *call) keep(k *kit.Kit, handed []attempt.Handed, form format.Format, m format.Meta) error {
	if p, err := locate(c.opt.out); err != nil || p.stream {
		return err // what is written to a pipe cannot be written anew
	}
	box, err := c.sandbox()
	if err != nil {
		return err
	}
	so, err := (&grade.Grader{Kit: k, Sandbox: box, Lang: c.lang}).Plan(handed)
	if err != nil {
		return err
	}
	c.kept = &keeper{so, func() error {
		var b bytes.Buffer
		if err := form.Write(&b, c.counted(so), m); err != nil {
			return err
		}
		return writeWhole(c.opt.out, b.Bytes())
	}}
	return c.kept.write()
}

// graded hears of every exercise.
func (k *keeper) graded(e result.Exercise) {
	if k == nil {
		return
	}
	if i := slices.IndexFunc(k.so.Exercises, func(x result.Exercise) bool { return x.Name == e.Name }); i >= 0 {
		k.so.Exercises[i] = e
		k.so.Sum()
		k.write()
	}
}

// broken hears why nothing was graded.
func (k *keeper) broken(err error) {
	if k == nil || errors.Is(err, context.Canceled) {
		return
	}
	for i := range k.so.Exercises {
		if e := &k.so.Exercises[i]; e.Fault && e.Status == result.Error {
			e.Message = err.Error()
		}
	}
	k.write()
}

// write writes the form to the output or the file, and what belongs into the files that the environment names.
func (c *call) write(form format.Format, r *result.Result, m format.Meta) error {
	var b bytes.Buffer
	if err := form.Write(&b, r, m); err != nil {
		return err
	}
	var err error
	if c.opt.out != "" {
		err = writeWhole(c.opt.out, b.Bytes())
	} else {
		err = c.printf("%s", b.Bytes())
	}
	for _, beside := range form.Beside {
		if name := os.Getenv(beside.Env); name != "" {
			var more bytes.Buffer
			e := beside.Write(&more, r, m)
			if e == nil {
				e = appendTo(name, more.Bytes())
			}
			if e != nil {
				err = errors.Join(err, lang.Errorf("cannot write the file that %s names: %w", beside.Env, e))
			}
		}
	}
	return err
}

func appendTo(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	if _, err = f.Write(data); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
