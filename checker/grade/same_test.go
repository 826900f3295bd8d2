//go:build linux

package grade

import (
	"cmp"
	"flag"
	"fmt"
	"path/filepath"
	"testing"

	"forklings/checker/attempt"
	"forklings/checker/grade/minikit"
	"forklings/checker/kit"
	"forklings/checker/result"
	"forklings/checker/sandbox"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	twice = flag.Int("twice", 0, "grade so many of the kit's own attempts twice, spread over all of them")
)

// TestTheSameAttemptGetsTheSameGrade grades attempts twice. Without the flag they are those of a small kit; `make same` takes the course's.
func TestTheSameAttemptGetsTheSameGrade(t *testing.T) {
	k := minikit.New(t)
	if *twice > 0 {
		root, err := kit.Locate(".")
		require.NoError(t, err)
		k, err = kit.Open(root)
		require.NoError(t, err)
	}
	all := attempts(t, k)
	step := 1
	if *twice > 0 {
		step = max(len(all) / *twice, 1)
	}
	box, err := sandbox.Best()
	require.NoError(t, err)
	g := &Grader{Kit: k, Sandbox: box, Trace: TraceFirst}
	n := 0
	for i := 0; i < len(all) && (*twice == 0 || n < *twice); i += step {
		h := all[i]
		name, err := filepath.Rel(k.Root, h.Files[0].Path)
		require.NoError(t, err)
		var grades [][]string
		for range 2 {
			r, err := g.Grade(t.Context(), []attempt.Handed{h})
			require.NoError(t, err)
			grades = append(grades, lasting(r.Exercises[0]))
		}
		t.Log(name, grades[0][0])
		assert.Equal(t, grades[0], grades[1], name)
		n++
	}
	require.Equal(t, min(cmp.Or(*twice, len(all)), len(all)), n)
}

// attempts are all that a kit has: solutions, right and wrong ones.
func attempts(t *testing.T, k *kit.Kit) (all []attempt.Handed) {
	for _, e := range k.Exercises {
		files, err := e.Solution()
		require.NoError(t, err)
		all = append(all, attempt.Single(e, files...))
		for _, verdict := range []string{"right", "wrong"} {
			more, err := e.Attempts(verdict)
			require.NoError(t, err)
			for _, a := range more {
				all = append(all, attempt.Single(e, a.File))
			}
		}
	}
	return all
}

// lasting is of a verdict what has to be the same every time. What was seen names PIDs, and what each process was doing at that moment.
func lasting(e result.Exercise) []string {
	all := []string{fmt.Sprint(e.Name, " ", e.Status, " ", e.Score, " of ", e.MaxScore, " ", e.Fault, " ", e.Message)}
	for _, s := range e.Scenarios {
		all = append(all, fmt.Sprint(s.Name, " ", s.Status, " ", s.Score, " of ", s.MaxScore, " ", s.Mistake, " ", s.File, ":", s.Line, " ", s.Expected, " ", s.Hint))
	}
	return all
}
