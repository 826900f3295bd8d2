//go:build linux

package cli

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"forklings/checker/attempt"
	"forklings/checker/grade/minikit"
	"forklings/checker/lang"
	memory "forklings/checker/progress"
	"forklings/checker/result"

	"github.com/stretchr/testify/require"
)

// A pass is one of what stands in the file: it counts in every language, not for other content, and again for the same.
func TestStatesAreDerivedFromContent(t *testing.T) {
	k := minikit.New(t)
	c := &call{lang: lang.English}
	c.Init("", flag.ContinueOnError)
	write := func(name, text string) {
		e, err := k.Find(name)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(e.Dir, e.File), []byte(text), 0o666))
	}
	states := func() map[string]result.Status {
		found, err := c.states(k)
		require.NoError(t, err)
		return found
	}
	remember := func(name string, l lang.Lang, status result.Status) {
		own, err := attempt.Own(k)
		require.NoError(t, err)
		options, err := c.sandbox()
		require.NoError(t, err)
		for _, h := range own.Handed {
			if h.Exercise.Name == name {
				key, err := memory.Key(k, h, memory.Options{Sandbox: options, Lang: l})
				require.NoError(t, err)
				s, notice := memory.Open(k.Root, l)
				require.Empty(t, notice)
				require.NoError(t, s.Remember(key, result.Exercise{Name: name, Status: status}))
			}
		}
	}
	require.Equal(t, map[string]result.Status{"greet": result.Todo, "greet-all": result.Todo, "toil": result.Todo}, states())

	write("greet", "package greet\n\nfunc Hello(name string) string { return name }\n")
	write("toil", "package greet\n")
	require.Equal(t, map[string]result.Status{"greet": "", "greet-all": result.Todo, "toil": result.Error}, states())

	remember("greet", lang.Chinese, result.Pass)
	write("greet-all", "package greetall\n\nfunc Hello() string { return 7 }\n")
	remember("greet-all", lang.English, result.Error)
	require.Equal(t, map[string]result.Status{"greet": result.Pass, "greet-all": result.Error, "toil": result.Error}, states())

	write("greet", "package greet\n\nfunc Hello(name string) string { return \"\" + name }\n")
	require.Empty(t, states()["greet"])
	write("greet", "package greet\n\nfunc Hello(name string) string { return name }\n")
	require.Equal(t, result.Pass, states()["greet"])
}
