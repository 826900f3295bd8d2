package scenario

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"forklings/checker/result"

	"github.com/stretchr/testify/require"
)

// TestTracedPlays: under the tracer every script has the same verdict.
func TestTracedPlays(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	files = slices.DeleteFunc(files, func(f string) bool { return strings.HasPrefix(filepath.Base(f), "explore-") }) // always traced
	for tier, box := range tiers(t) {
		for _, f := range files {
			name := strings.TrimSuffix(filepath.Base(f), ".txtar")
			t.Run(tier+"/"+name, func(t *testing.T) {
				t.Parallel()
				text, err := os.ReadFile(f)
				require.NoError(t, err)
				_, want, _ := strings.Cut(string(text), "# -> ")
				want, _, _ = strings.Cut(want, "\n")
				v := played(t, Play{Sandbox: box, Trace: true}, name, string(text))
				for _, e := range v.Timeline {
					t.Log(fmt.Sprintf("%7.1f %-16s %s (%s)", float64(e.Microseconds)/1000, e.Who, e.What, e.Detail))
					if name == "zombie" { // whose end comes to two who wait, and they are one
						require.NotRegexp(t, "^PID ", e.Who)
					}
				}
				require.NotEmpty(t, v.Timeline)
				if name == "reused-pid" { // a signal is told of, though it is let through by who answers for the numbers
					require.True(t, slices.ContainsFunc(v.Timeline, func(e result.Event) bool { return e.What == "sends SIGKILL to new" }))
				}
				require.Regexp(t, "^runs rogue ", v.Timeline[0].What)
				require.Equal(t, want, strings.TrimSpace(string(v.Status)+" "+v.Mistake), "%+v", v)
			})
		}
	}
}
