//go:build linux

package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"forklings/checker/cli"
	"forklings/checker/grade/minikit"
	"forklings/checker/kit"
	"forklings/checker/load"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite" // as cmd/class
)

// TestMain: this test binary is the command, its supervisors and its busy processes too.
func TestMain(m *testing.M) {
	load.Main()
	testscript.Main(m, map[string]func(){
		"checker": func() { os.Exit(cli.Main(os.Args[1:])) },
	})
}

// passed on to the scripts: the go tool's, so that builds are warm.
var passed = []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GONOSUMDB", "GOFLAGS", "GONOSUMCHECK", "GOSUMDB", "GOTOOLCHAIN"}

// TestCommand runs the scripts of testdata. They share a kit that they only read, $KIT; those that change one
// make their own. Whatever happens, no process of a script's is left at its end, and no temporary folder.
func TestCommand(t *testing.T) {
	shared := t.TempDir()
	if err := minikit.Write(shared); err != nil {
		t.Fatal(err)
	}
	before := version(t, shared)
	t.Cleanup(func() {
		if version(t, shared) != before {
			t.Error("a script has changed the kit that all share: it must make its own, with the word kit")
		}
	})
	env := goEnv(t)
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			for _, name := range passed {
				e.Setenv(name, env[name])
			}
			e.Setenv("KIT", shared)
			e.Setenv("BIN", filepath.SplitList(e.Getenv("PATH"))[0]) // holds nothing but the command
			e.Setenv("HOME", filepath.Join(e.WorkDir, "home"))
			e.Setenv("XDG_CACHE_HOME", filepath.Join(e.WorkDir, "cache"))
			// In a new home the go command would start a process of its own, in a session of its own, to send its counters.
			mode := filepath.Join(e.WorkDir, "home", ".config", "go", "telemetry", "mode")
			if err := os.MkdirAll(filepath.Dir(mode), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(mode, []byte("off"), 0o644); err != nil {
				return err
			}
			e.Setenv("NO_COLOR", "")
			e.Setenv("TERM", "xterm")
			e.Defer(func() { unmountBelow(e.WorkDir) })
			return nil
		},
		Condition: condition,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":      status,
			"interrupted": interrupted,
			"terminal":    terminal,
			"left":        left,
			"kit":         newKit,
			"mount":       mount,
			"json":        checkJSON,
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

func version(t *testing.T, root string) string {
	k, err := kit.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	version, err := k.Version()
	if err != nil {
		t.Fatal(err)
	}
	return version
}
