package grade

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"forklings/checker/attempt"
	"forklings/checker/build"
	"forklings/checker/kit"
	"forklings/checker/lang"

	"golang.org/x/sys/unix"
)

// builds is build.Programs, or what stands for it in a test.
type builds func(ctx context.Context, k *kit.Kit, dir string, handed []attempt.Handed) (*build.Program, error)

func (g *Grader) builder() builds {
	if g.build != nil {
		return g.build
	}
	return build.Programs
}

// cached finds a file of Go's build cache that there was no room for.
var cached = regexp.MustCompile(`/[0-9a-f]{2}/[0-9a-f]{64}-[ad]: ` + unix.ENOSPC.Error())

var errEndless = lang.Errorf("the compiler did not end")

// programs is what building has come to.
type programs struct {
	binary map[string]string // by exercise: what runs its program
	broken map[string]string // by exercise: the compiler's message
	faults map[string]string // by exercise: why it cannot be built, whatever the attempt
}

// compile builds the attempts, all at once. Where that is impossible because the kit or the compiler fails at
// one of them, each is built by itself, so that the others are graded. An error means that nothing can be built.
func (g *Grader) compile(ctx context.Context, dir string, handed []attempt.Handed) (*programs, error) {
	p := &programs{binary: map[string]string{}, broken: map[string]string{}, faults: map[string]string{}}
	together := func(ctx context.Context) (*build.Program, error) {
		if g.Share != nil {
			return g.shared(ctx)
		}
		return g.builder()(ctx, g.Kit, dir, handed)
	}
	built, err := g.within(ctx, together)
	if err == nil {
		p.take(g.Lang, built, handed)
		return p, p.runnable()
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if full := unix.ENOSPC.Error(); strings.Contains(err.Error(), full) && !strings.Contains(err.Error(), "TMPDIR") {
		if cached.MatchString(err.Error()) {
			return nil, err // another disk, perhaps, which TMPDIR does not choose
		}
		return nil, lang.Errorf("%w\nMake room in %s, or set TMPDIR to another folder", err, os.TempDir())
	}
	for _, h := range handed {
		if err := g.single(ctx, p, filepath.Join(dir, "alone-"+h.Exercise.Name), h); err != nil {
			return nil, err
		}
	}
	if len(p.faults) == len(handed) && !errors.Is(err, errEndless) {
		return nil, err // nothing can be built, and this says why
	}
	return p, nil
}

// single builds one exercise by itself, and notes what came of it. When the compiler does not end, the untouched
// stub shows whose fault that is.
func (g *Grader) single(ctx context.Context, p *programs, dir string, h attempt.Handed) error {
	alone := func(h attempt.Handed, dir string) (*build.Program, error) {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
		return g.within(ctx, func(ctx context.Context) (*build.Program, error) {
			return g.builder()(ctx, g.Kit, dir, []attempt.Handed{h})
		})
	}
	built, err := alone(h, dir)
	switch name := h.Exercise.Name; {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil:
		p.take(g.Lang, built, []attempt.Handed{h})
	case errors.Is(err, errEndless):
		_, stub := alone(attempt.Single(h.Exercise, h.Exercise.StubFile()), dir+"-stub")
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if stub == nil {
			p.broken[name] = g.Lang.Sprintf("%s: the compiler did not end within %v; the untouched stub compiles: what is so hard in yours?", h.Dir, g.buildLimit())
		} else {
			p.faults[name] = g.Lang.Sprintf("the compiler did not end within %v, not even for the untouched stub", g.buildLimit())
		}
	default:
		p.faults[name] = g.Lang.Error(err)
	}
	return nil
}

func (p *programs) take(l lang.Lang, built *build.Program, handed []attempt.Handed) {
	for _, h := range handed {
		if message, broken := built.Broken[h.Exercise.Name]; broken {
			p.broken[h.Exercise.Name] = build.In(l, message)
		} else {
			p.binary[h.Exercise.Name] = built.For(h.Exercise.Name)
		}
	}
}

// runnable is an error where no program may be run: access(2) says so of a file on a noexec mount.
func (p *programs) runnable() error {
	for _, binary := range p.binary {
		if err := unix.Access(binary, unix.X_OK); err != nil {
			return lang.Errorf("programs in %s may not be run (mounted noexec?): TMPDIR chooses another place", os.TempDir())
		}
	}
	return nil
}

// within ends the build after the limit; the error is errEndless then.
func (g *Grader) within(ctx context.Context, f func(context.Context) (*build.Program, error)) (*build.Program, error) {
	limited, cancel := context.WithTimeoutCause(ctx, g.buildLimit(), errEndless)
	defer cancel()
	p, err := f(limited)
	if err != nil && context.Cause(limited) == errEndless {
		err = errEndless
	}
	return p, err
}

func (g *Grader) shared(ctx context.Context) (*build.Program, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, lang.Errorf("no folder to share a build in: %w", err)
	}
	var begun []attempt.Handed
	for _, h := range g.Share {
		if h.Err == nil && !h.Untouched() {
			begun = append(begun, h)
		}
	}
	return build.Shared(ctx, g.Kit, filepath.Join(cache, "forklings"), begun)
}
