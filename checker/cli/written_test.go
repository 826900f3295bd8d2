//go:build linux

package cli

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"forklings/checker/attempt"
	"forklings/checker/format"
	"forklings/checker/grade/minikit"
	"forklings/checker/result"

	"github.com/stretchr/testify/require"
)

// What a run has come to is in the file at every moment: all that was planned, each scenario once.
func TestAFileIsKeptAsFarAsTheRunHasCome(t *testing.T) {
	k := minikit.New(t)
	c := &call{}
	c.opt.out = filepath.Join(t.TempDir(), "results.json")
	c.opt.tier = "subreaper"
	own, err := attempt.Own(k)
	require.NoError(t, err)
	form, _ := format.Find("json")
	require.NoError(t, c.keep(k, own.Handed, form, c.meta(own.Handed, c.style())))
	read := func() (statuses []string, messages map[string]string) {
		data, err := os.ReadFile(c.opt.out)
		require.NoError(t, err)
		var r result.Result
		require.NoError(t, json.Unmarshal(data, &r))
		messages = map[string]string{}
		n := 0
		for _, e := range r.Exercises {
			statuses = append(statuses, string(e.Status))
			messages[e.Name] = e.Message
			n += len(e.Scenarios)
		}
		require.Equal(t, 6, n)
		require.Equal(t, 6, r.MaxScore)
		return statuses, messages
	}
	statuses, messages := read()
	require.Equal(t, []string{"error", "error", "error"}, statuses)
	require.Contains(t, messages["greet"], "not graded: the run ended before")

	e := result.Exercise{Name: "greet-all", Scenarios: []result.Scenario{{Name: "all", Status: result.Pass}}}
	e.Sum()
	c.kept.graded(e)
	statuses, _ = read()
	require.Equal(t, []string{"error", "pass", "error"}, statuses)

	c.kept.broken(errors.New("no compiler"))
	statuses, messages = read()
	require.Equal(t, []string{"error", "pass", "error"}, statuses)
	require.Equal(t, "no compiler", messages["toil"])
	require.Empty(t, messages["greet-all"])
}
