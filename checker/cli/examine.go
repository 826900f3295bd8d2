package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"forklings/checker/grade"
	"forklings/checker/kit"
	"forklings/checker/lang"
	memory "forklings/checker/progress"
	"forklings/checker/tempdir"

	"golang.org/x/sys/unix"
)

// What a build takes in the temporary folder, in bytes: of one exercise, and of all of them, each in a binary of its own.
const (
	little = 32 << 20
	room   = 100 << 20
)

func (c *call) examineKit(k *kit.Kit, err error) []finding {
	what := c.lang.Text("kit")
	if err != nil {
		var st status
		if errors.As(err, &st) {
			return []finding{{bad, what, st.text, ""}}
		}
		return []finding{{bad, what, explain(c.lang, err), ""}}
	}
	version, err := k.Version()
	if err != nil {
		return []finding{{bad, what, explain(c.lang, err), ""}}
	}
	return []finding{{good, what, c.lang.Sprintf("%s, version %s, %d exercises", k.Root, version, len(k.Exercises)), ""}}
}

func (c *call) examineSystem() []finding {
	f := finding{good, c.lang.Text("machine"), c.lang.Sprintf("%s, %s/%s, %d CPUs", kernel(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU()), ""}
	if err := machine(); err != nil {
		f.mark, f.todo = bad, c.lang.Error(err)
	}
	who := finding{good, c.lang.Text("user"), user(c.lang), ""}
	return []finding{f, who}
}

// anywhere is a folder that is always there, in which the go command reads no go.mod that wants a newer one.
const anywhere = "/"

// examineGo asks the go command from inside the kit, whose go.mod may want a newer one.
func (c *call) examineGo(k *kit.Kit) []finding {
	f := finding{bad, "go", "", ""}
	gotool, err := exec.LookPath("go")
	if err != nil {
		f.text = c.lang.Text("no go on PATH: install it from https://go.dev/dl/ and put its bin folder on PATH")
		if place := unlisted(); place != "" {
			f.todo = c.lang.Sprintf("there is one in %s: export PATH=$PATH:%[1]s", place)
		}
		return []finding{f}
	}
	said, err := ask(gotool, anywhere, "env", "GOVERSION")
	if err != nil {
		f.text, f.todo = fmt.Sprintf("%s: %s", gotool, telling(said)), advise(c.lang, said)
		return []finding{f}
	}
	f.mark, f.text = good, fmt.Sprintf("%s (%s)", said, gotool)
	if k == nil {
		return []finding{f}
	}
	if why, err := ask(gotool, k.Root, "list", "-m"); err != nil {
		f.mark, f.text, f.todo = bad, c.lang.Sprintf("%s (%s) cannot read go.mod: %s", said, gotool, telling(why)), advise(c.lang, why)
		if tooOld.MatchString(why) {
			f.text = c.lang.Sprintf("%s (%s) is too old: this kit needs Go %s or newer", said, gotool, k.Go())
		}
	} else if newer, err := ask(gotool, k.Root, "env", "GOVERSION"); err == nil && newer != said {
		f.text = c.lang.Sprintf("%s (%s), which fetches %s for this kit", said, gotool, newer)
	}
	return []finding{f}
}

// examineModules looks whether what the programs are built from is there, or can be fetched.
func (c *call) examineModules(k *kit.Kit) []finding {
	gotool, err := exec.LookPath("go")
	if err != nil || k == nil {
		return nil
	}
	what := c.lang.Text("modules")
	if _, err := ask(gotool, k.Root, "list", "-m"); err != nil {
		return nil // that is told of go
	}
	said, err := asked(gotool, k.Root, untouched(k), "list", "-overlay=/dev/stdin", "-deps", "-f", "{{.ImportPath}}", "./cmd/programs")
	if err == nil {
		return []finding{{good, what, c.lang.Text("what the programs are built from is here"), ""}}
	}
	if buildCache.MatchString(said) {
		return nil // that is told of the places
	}
	return []finding{{bad, what, telling(said), advise(c.lang, said)}}
}

// untouched lays the stubs over what the learner has written, which is no matter of the machine's: an overlay of the go command.
func untouched(k *kit.Kit) []byte {
	replace := map[string]string{}
	for _, e := range k.Exercises {
		files, _ := filepath.Glob(filepath.Join(e.Dir, "*.go"))
		for _, f := range files {
			replace[f] = ""
		}
		replace[filepath.Join(e.Dir, e.File)] = e.StubFile()
	}
	overlay, _ := json.Marshal(map[string]any{"Replace": replace})
	return overlay
}

// examineEnvironment names settings of Go that would change what is built outside of the checker.
func (c *call) examineEnvironment(k *kit.Kit) (found []finding) {
	note := func(text, todo string) { found = append(found, finding{less, c.lang.Text("settings"), text, todo}) }
	gotool, err := exec.LookPath("go")
	if err != nil || k == nil {
		return nil
	}
	flags := own(gotool, k.Root, "GOFLAGS")
	if harmless := []string{"-buildvcs=false", "-buildvcs=auto", "-mod=readonly", "-modcacherw", "-trimpath", "-v"}; slices.ContainsFunc(strings.Fields(flags), func(f string) bool { return !slices.Contains(harmless, f) }) {
		note(c.lang.Sprintf("GOFLAGS=%s has no effect on what is graded, but go run and go test heed it", flags), c.lang.Text("`make`, or GOFLAGS= go run ./cmd/checker"))
	}
	if work := own(gotool, k.Root, "GOWORK"); work != "" && work != "off" {
		note(c.lang.Sprintf("the workspace %s is above the kit, and go run and go test heed it", work), c.lang.Text("`make`, or GOWORK=off go run ./cmd/checker"))
	}
	if own(gotool, k.Root, "GO111MODULE") == "off" {
		note(c.lang.Text("GO111MODULE=off: go run and go test find no modules"), c.lang.Text("`make`, or go env -u GO111MODULE and unset GO111MODULE"))
	}
	return found
}

// own is what the user has set, in the environment, by go env -w or by a file that go finds.
func own(gotool, dir, name string) string {
	cmd := exec.Command(gotool, "env", name)
	cmd.Dir = dir
	out, _ := cmd.Output()
	return strings.TrimSpace(string(out))
}

// examinePlaces tries to write where grading writes.
func (c *call) examinePlaces(k *kit.Kit) []finding {
	what := c.lang.Text("temporary")
	found := []finding{{good, what, c.lang.Sprintf("programs can be written to %s and run from there", os.TempDir()), ""}}
	var fs unix.Statfs_t
	if err := temporary(); err != nil {
		found[0] = finding{bad, what, explain(c.lang, err), ""}
	} else if free := int64(0); unix.Statfs(os.TempDir(), &fs) == nil {
		if free = int64(fs.Bavail) * fs.Bsize; free < room {
			m := less
			if free < little {
				m = bad
			}
			found[0] = finding{m, what, c.lang.Sprintf("%s has %d MB left, and a build of everything takes %d MB", os.TempDir(), free>>20, room>>20), c.lang.Text("make room there, or set TMPDIR to another folder")}
		}
	}
	if gotool, err := exec.LookPath("go"); err == nil && k != nil {
		cache, err := ask(gotool, anywhere, "env", "GOCACHE")
		if err == nil && cache != "off" {
			if err = os.MkdirAll(cache, 0o755); err == nil {
				err = tryFile(cache)
			}
		}
		if err != nil {
			found = append(found, finding{bad, c.lang.Text("build cache"), c.lang.Sprintf("go cannot write its cache: %v", telling(err.Error())), advise(c.lang, "build cache")})
		}
	}
	if k == nil {
		return found
	}
	if _, notice := memory.Open(k.Root, c.lang); notice != "" {
		return append(found, finding{less, c.lang.Text("memory"), notice, advise(c.lang, notice)})
	}
	return append(found, finding{good, c.lang.Text("memory"), c.lang.Sprintf("what was graded is remembered in %s", filepath.Join(k.Root, memory.Folder)), ""})
}

// examineRoom says how many scenarios may play at once.
func (c *call) examineRoom() []finding {
	f := finding{good, c.lang.Text("limits"), "", ""}
	usual := grade.DefaultJobs()
	n, err := grade.Jobs(0)
	switch {
	case err != nil:
		f.mark, f.text = bad, c.lang.Error(err)
	case n < usual:
		f.mark, f.text = less, c.lang.Sprintf("%d scenarios play at once instead of %d, for the limit of processes (ulimit -u; of a container, its limit of PIDs) or of open files (ulimit -Hn)", n, usual)
	default:
		f.text = c.lang.Sprintf("%d scenarios may play at once", n)
	}
	return []finding{f}
}

func tryFile(dir string) error {
	f, err := os.CreateTemp(dir, ".forklings-*")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, 64<<10))
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}

// temporary tries what every scenario does: write a program, link it and run it.
func temporary() error {
	dir, remove, err := tempdir.New()
	if err != nil {
		return err
	}
	defer remove()
	program, link := filepath.Join(dir, "program"), filepath.Join(dir, "link")
	if err := os.WriteFile(program, []byte("#!/bin/sh\nexit 0\n"), 0o755); err != nil {
		return err
	}
	if err := os.Link(program, link); err != nil {
		return lang.Errorf("no hard links in %s: %w; TMPDIR chooses another place", os.TempDir(), err)
	}
	err = exec.Command(link).Run()
	if errors.Is(err, syscall.EACCES) {
		return lang.Errorf("programs in %s may not be run (mounted noexec?): TMPDIR chooses another place", os.TempDir())
	}
	return err
}

// ask runs the go command as the checker does, without the user's settings that have no effect on grading. What it
// answers is returned, or what it complains of.
func ask(gotool, dir string, args ...string) (string, error) {
	return asked(gotool, dir, nil, args...)
}

// asked is ask with something to read on the standard input.
func asked(gotool, dir string, stdin []byte, args ...string) (string, error) {
	cmd := exec.Command(gotool, args...)
	cmd.Stdin = bytes.NewReader(stdin)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "PWD="+dir, "GO111MODULE=on", "GOWORK=off", "GOFLAGS=-buildvcs=false", "CGO_ENABLED=0", "GOOS=linux")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		said := strings.TrimSpace(stderr.String())
		if said == "" {
			return err.Error(), err
		}
		return said, errors.New(said)
	}
	return strings.TrimSpace(stdout.String()), nil
}

// telling is the line of a longer message that there is advice about; without one, the last.
func telling(said string) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	for _, line := range lines {
		if advise(lang.English, line) != "" {
			return strings.TrimSpace(line)
		}
	}
	return strings.TrimSpace(lines[len(lines)-1])
}

// unlisted is where a Go is installed that is not on PATH; "" for none.
func unlisted() string {
	places := []string{"/usr/local/go/bin", "/usr/lib/go/bin", "/snap/bin"}
	if home, err := os.UserHomeDir(); err == nil {
		places = append(places, filepath.Join(home, "go", "bin"), filepath.Join(home, ".local", "go", "bin"))
	}
	for _, place := range places {
		if info, err := os.Stat(filepath.Join(place, "go")); err == nil && info.Mode()&0o111 != 0 {
			return place
		}
	}
	return ""
}

func user(l lang.Lang) string {
	if os.Geteuid() == 0 {
		return "root"
	}
	return l.Sprintf("uid %d", os.Geteuid())
}
