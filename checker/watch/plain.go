package watch

import (
	"context"
	"fmt"
	"io"

	"forklings/checker/render"
)

// Plain writes the verdict of the current exercise and of every later save of it, for who has no terminal. It ends with ctx.
func Plain(ctx context.Context, c Config, w io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	e := newEngine(c)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		e.loop(ctx)
	}()
	defer func() {
		cancel()
		<-ended
	}()
	if c.Notice != "" {
		fmt.Fprintln(w, c.Notice)
	}
	verdicts, fault, polling, told := 0, "", "", false
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-e.changed:
		}
		s := e.Snapshot()
		x := s.Entries[s.Current]
		var err error
		if s.Polling != "" && polling == "" {
			polling = s.Polling
			_, err = fmt.Fprintln(w, c.Lang.Sprintf("Files are looked at 4 times a second: %s.", polling))
		}
		switch {
		case s.Broken != "":
			return fmt.Errorf("%s", s.Broken)
		case s.Fault != fault:
			if fault = s.Fault; fault != "" {
				_, err = fmt.Fprintln(w, fault)
			}
		case !told && x.Verdict == nil && !s.Running:
			told = true
			_, err = fmt.Fprintln(w, c.Lang.Sprintf("%[2]s is to be written: exercises/%[1]s/%[2]s", x.Folder, x.File))
		case s.Verdicts > verdicts && x.Status != "" && x.Verdict != nil:
			verdicts = s.Verdicts
			err = render.Exercise(w, *x.Verdict, render.Style{Lang: c.Lang, Color: c.Color})
		}
		if err != nil {
			return fmt.Errorf("cannot write the output: %w", err)
		}
	}
}
