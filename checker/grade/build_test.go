//go:build linux

package grade

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"forklings/checker/attempt"
	"forklings/checker/build"
	"forklings/checker/grade/minikit"
	"forklings/checker/kit"

	"github.com/stretchr/testify/require"
)

// fake builds by these rules: it never ends, or fails, where one of these exercises is handed in.
type fake struct {
	endless, faulty, broken []string // names; "stub" after a name: its untouched stub too
	alone                   int      // builds of one exercise
}

func (f *fake) programs(ctx context.Context, k *kit.Kit, dir string, handed []attempt.Handed) (*build.Program, error) {
	if len(handed) == 1 {
		f.alone++
	}
	p := &build.Program{Binary: filepath.Join(dir, "programs"), Alone: map[string]string{}, Broken: map[string]string{}}
	for _, h := range handed {
		name := h.Exercise.Name
		is := func(list []string) bool {
			return slices.Contains(list, name+" stub") || slices.Contains(list, name) && !h.Untouched()
		}
		switch {
		case is(f.endless):
			<-ctx.Done()
			return nil, errors.Join(errors.New("the build was ended"), context.Cause(ctx))
		case is(f.faulty):
			return nil, errors.New("the kit cannot be built: " + name)
		case is(f.broken):
			p.Broken[name] = "undefined: x"
		}
	}
	return p, os.WriteFile(p.Binary, nil, 0o755)
}

func compile(t *testing.T, f *fake) (*programs, error) {
	k := minikit.New(t)
	var handed []attempt.Handed
	for _, e := range k.Exercises {
		files, err := e.Solution()
		require.NoError(t, err)
		handed = append(handed, attempt.Single(e, files...))
	}
	g := &Grader{Kit: k, build: f.programs}
	if len(f.endless) > 0 { // the others' builds succeed, however long they take
		g.BuildLimit = time.Millisecond
	}
	return g.compile(t.Context(), t.TempDir(), handed)
}

func TestACompilerThatNeverEndsIsItsExercisesFaultWhenTheStubCompiles(t *testing.T) {
	p, err := compile(t, &fake{endless: []string{"greet"}})
	require.NoError(t, err)
	require.Contains(t, p.broken["greet"], "the compiler did not end within 1ms; the untouched stub compiles: what is so hard in yours?")
	require.Empty(t, p.faults)
	require.Len(t, p.binary, 2)
}

func TestACompilerThatNeverEndsForTheStubIsNobodysFault(t *testing.T) {
	p, err := compile(t, &fake{endless: []string{"greet stub"}})
	require.NoError(t, err)
	require.Empty(t, p.broken)
	require.Contains(t, p.faults["greet"], "the compiler did not end within 1ms, not even for the untouched stub")
	require.Len(t, p.binary, 2)
}

func TestAProgramOfTheKitThatFailsSpoilsNoOther(t *testing.T) {
	p, err := compile(t, &fake{faulty: []string{"greet stub"}, broken: []string{"toil"}})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"greet": "the kit cannot be built: greet"}, p.faults)
	require.Equal(t, map[string]string{"toil": "undefined: x"}, p.broken)
	require.Len(t, p.binary, 1)
}

func TestWhereNothingCanBeBuiltThatIsTheError(t *testing.T) {
	_, err := compile(t, &fake{faulty: []string{"greet stub", "greet-all stub", "toil stub"}})
	require.EqualError(t, err, "the kit cannot be built: greet")
}

func TestWhatCanBeBuiltTogetherIsBuiltOnce(t *testing.T) {
	f := &fake{broken: []string{"toil"}}
	p, err := compile(t, f)
	require.NoError(t, err)
	require.Zero(t, f.alone)
	require.Len(t, p.binary, 2)
	require.Equal(t, map[string]string{"toil": "undefined: x"}, p.broken)
}

func TestACancelledBuildIsNoVerdict(t *testing.T) {
	k := minikit.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	g := &Grader{Kit: k, build: func(ctx context.Context, k *kit.Kit, dir string, handed []attempt.Handed) (*build.Program, error) {
		cancel()
		return nil, errors.New("the build was ended")
	}}
	h := attempt.Single(k.Exercises[0], filepath.Join(k.Exercises[0].SolutionDir(), "greet.go"))
	_, err := g.compile(ctx, t.TempDir(), []attempt.Handed{h})
	require.ErrorIs(t, err, context.Canceled)
}

func TestAFullDiskIsNotTakenForAnother(t *testing.T) {
	k := minikit.New(t)
	h := attempt.Single(k.Exercises[0], filepath.Join(k.Exercises[0].SolutionDir(), "greet.go"))
	for path, want := range map[string]bool{
		"$WORK/b001/_pkg_.a": true,
		"/home/a/.cache/go-build/dc/" + strings.Repeat("d0", 32) + "-d": false,
	} {
		g := &Grader{Kit: k, build: func(context.Context, *kit.Kit, string, []attempt.Handed) (*build.Program, error) {
			return nil, errors.New("write " + path + ": no space left on device")
		}}
		_, err := g.compile(t.Context(), t.TempDir(), []attempt.Handed{h})
		require.ErrorContains(t, err, "no space left")
		require.Equal(t, want, strings.Contains(err.Error(), "TMPDIR"), path)
	}
}
