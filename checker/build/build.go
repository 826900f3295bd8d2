// Package build compiles attempts: one multi-call binary of the programs, with the attempts laid over the pristine kit.
//
// What an attempt does wrong is told apart from what is wrong with the kit or the machine. The go tool says which
// package it could not build; if that is not clear enough, the untouched stub is built in the attempt's place, and only
// if that can be built is the attempt to blame.
package build

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"forklings/checker/attempt"
	"forklings/checker/kit"
	"forklings/checker/lang"
)

// Program is what a build came to.
type Program struct {
	Binary string            // the multi-call binary; "" if it would hold no exercise
	Alone  map[string]string // exercise -> a binary with this one only, because its code runs at the start of every program
	Broken map[string]string // exercise -> the compiler's message, as the learner should read it
}

// For returns the binary that runs an exercise's program, "" if the exercise is broken.
func (p *Program) For(exercise string) string {
	if _, broken := p.Broken[exercise]; broken {
		return ""
	}
	if binary := p.Alone[exercise]; binary != "" {
		return binary
	}
	return p.Binary
}

// Programs builds the programs of the handed exercises into dir, a folder of the caller's that it may fill and the caller
// removes. Exercises that carry an error of their own are passed over.
//
// An exercise that does not compile is in Broken, and the others are built without it. An exercise whose package runs code
// before main (an init function, say) gets a binary of its own if there are others: what it does there must not
// happen to them. The error is what nobody's attempt is to blame for: no usable Go, a kit that does not compile, a full disk.
// After ctx is done the error is its cause, and no process is left.
func Programs(ctx context.Context, k *kit.Kit, dir string, handed []attempt.Handed) (*Program, error) {
	b, err := newBuilder(ctx, k, dir)
	if err != nil {
		return nil, err
	}
	if strangers(k, handed) {
		b.isolate(handed)
	}
	p := &Program{Alone: map[string]string{}, Broken: b.broken}
	var together, alone []attempt.Handed
	for _, h := range handed {
		switch {
		case h.Err != nil:
		case len(handed) > 1 && runsAtStart(h):
			alone = append(alone, h)
		default:
			together = append(together, h)
		}
	}
	if p.Binary, err = b.group(filepath.Join(b.dir, "programs"), together); err != nil {
		return nil, err
	}
	for _, h := range alone {
		binary, err := b.group(filepath.Join(b.dir, "programs-"+h.Exercise.Name), []attempt.Handed{h})
		if err != nil {
			return nil, err
		}
		if binary != "" {
			p.Alone[h.Exercise.Name] = binary
		}
	}
	return p, nil
}

type builder struct {
	ctx    context.Context
	kit    *kit.Kit
	dir    string
	gotool string
	broken map[string]string

	cache   string   // Go's; "" where nobody can say, it cannot be had, or another program keeps what was built
	writes  []string // the folders that a build may write to; nil: all
	apart   []string // what makes the go tool use a cache of the build's own
	fetched bool     // what the kit needs was fetched, or cannot be
}

func newBuilder(ctx context.Context, k *kit.Kit, dir string) (*builder, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	gotool, err := findGo(k)
	if err != nil {
		return nil, err
	}
	// The go tool's own temporary files go here too, so that nothing is left of a build that was ended.
	if err := os.MkdirAll(filepath.Join(dir, "tmp"), 0o777); err != nil {
		return nil, refused(dir, err)
	}
	b := &builder{ctx: ctx, kit: k, dir: dir, gotool: gotool, broken: map[string]string{}}
	if b.cache = cache(); b.cache == "" || os.MkdirAll(b.cache, 0o777) != nil {
		b.cache = ""
		return b, nil // the go tool says what is wrong with it
	}
	if tool := b.plain(); tool != "" {
		b.gotool, b.writes = tool, []string{dir, b.cache}
	}
	return b, nil
}

// refused explains that the build folder cannot be written to.
func refused(dir string, err error) error {
	return lang.Errorf("the build folder %s cannot be written: %w; make room there, or set TMPDIR to another folder", dir, err)
}

// group builds a binary of these exercises, without those that turn out broken; "" if that leaves none.
func (b *builder) group(binary string, handed []attempt.Handed) (string, error) {
	for len(handed) > 0 {
		out, err := b.build(binary, handed)
		if err != nil {
			return "", err
		}
		if out.ok {
			return binary, nil
		}
		good, err := b.blame(out, handed)
		if err != nil {
			return "", err
		}
		handed = good
	}
	return "", nil
}

// blame puts the exercises that made a build fail into b.broken, and returns the others.
func (b *builder) blame(out *output, handed []attempt.Handed) (good []attempt.Handed, err error) {
	var suspects []attempt.Handed
	broken := len(b.broken)
	for _, h := range handed {
		message := b.readable(out.of(h.Exercise.ImportPath()), h)
		program := b.readable(out.of(h.Exercise.ProgramPath()), h)
		changes := changed(h, program)
		switch {
		case positioned(message) || excluded(message):
			b.broken[h.Exercise.Name] = message
		case len(changes) > 0:
			b.broken[h.Exercise.Name] = strings.Join(changes, "\n") + "\n\n" + program
		case message != "" || program != "" || importsAny(h, out.failed):
			suspects = append(suspects, h)
		default:
			good = append(good, h)
		}
	}
	if len(b.broken) == broken && len(suspects) == 0 {
		suspects, good = good, nil // the linker names nobody
	}
	for _, h := range suspects {
		message, err := b.tryAlone(h)
		switch {
		case err != nil:
			return nil, err
		case message != "":
			b.broken[h.Exercise.Name] = message
		default:
			good = append(good, h)
		}
	}
	if len(b.broken) == broken {
		return nil, b.explain(out)
	}
	return good, nil
}

// tryAlone returns why the exercise cannot be built by itself, "" if it can. If it cannot be built with its untouched stub
// either, that is the error.
func (b *builder) tryAlone(h attempt.Handed) (message string, err error) {
	binary := filepath.Join(b.dir, "try")
	out, err := b.build(binary, []attempt.Handed{h})
	if err != nil || out.ok {
		return "", err
	}
	stub, err := h.Exercise.Stub()
	if err != nil {
		return "", lang.Errorf("%s has no stub: %w", h.Exercise.Name, err)
	}
	pristine := attempt.Handed{Exercise: h.Exercise, Files: []attempt.File{{Name: h.Exercise.File, Path: h.Exercise.StubFile(), Data: stub}}}
	reference, err := b.build(binary, []attempt.Handed{pristine})
	if err != nil {
		return "", err
	}
	if !reference.ok {
		return "", b.explain(reference)
	}
	return b.readable(out.all(), h), nil
}
