package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"forklings/checker/grade"
)

// The baseline is what one would write without this kit: for each exercise a package with a test binary of its
// own, its program linked in by testscript.Main, and testify. Its scripts start as many processes as our
// scenarios do, and check one line of output.
const (
	baselineProgram = `package %[1]s

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
)

func program() {
	if len(os.Args) > 1 {
		n, _ := strconv.Atoi(os.Args[1])
		exe, err := os.Executable()
		if err != nil {
			panic(err)
		}
		var children []*exec.Cmd
		for range n - 1 {
			c := exec.Command(exe)
			c.Args = []string{"program"}
			c.Env = append(os.Environ(), "CHILD=1")
			if err := c.Start(); err != nil {
				panic(err)
			}
			children = append(children, c)
		}
		for _, c := range children {
			if err := c.Wait(); err != nil {
				panic(err)
			}
		}
	}
	fmt.Println("done")
}
`
	baselineTest = `package %[1]s

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"program": program}) }

func TestScripts(t *testing.T) { testscript.Run(t, testscript.Params{Dir: "testdata"}) }

func TestNew(t *testing.T) { require.NotNil(t, program) }
`
	baselineMain = `package main

func main() { program() }
`
)

func (b *bench) baselineDir() string { return filepath.Join(b.dir, "baseline") }

func (b *bench) writeBaseline() error {
	mod, err := os.ReadFile(filepath.Join(b.kit.Root, "go.mod"))
	if err != nil {
		return err
	}
	files := map[string]string{
		"go.mod":           strings.Replace(string(mod), "module forklings", "module baseline", 1),
		"spawn/program.go": fmt.Sprintf(baselineProgram, "main"),
		"spawn/main.go":    baselineMain,
	}
	sum, err := os.ReadFile(filepath.Join(b.kit.Root, "go.sum"))
	if err != nil {
		return err
	}
	files["go.sum"] = string(sum)
	for _, s := range b.shapes {
		solution, err := os.ReadFile(filepath.Join(s.SolutionDir(), s.File))
		if err != nil {
			return err
		}
		files[filepath.Join(s.Name, s.File)] = string(solution)
		files[filepath.Join(s.Name, "baseline_program.go")] = fmt.Sprintf(baselineProgram, s.Package)
		files[filepath.Join(s.Name, "baseline_test.go")] = fmt.Sprintf(baselineTest, s.Package)
		for i, n := range s.processes {
			files[filepath.Join(s.Name, "testdata", fmt.Sprintf("s%d.txtar", i))] = fmt.Sprintf("exec program %d\nstdout done\n", n)
		}
	}
	for name, text := range files {
		path := filepath.Join(b.baselineDir(), name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	_, err = b.run(b.baselineDir(), "go", "build", "-buildvcs=false", "-o", filepath.Join(b.dir, "spawn"), "./spawn")
	return err
}

// baseline runs the baseline's tests after an edit of every package.
func (b *bench) baseline() (time.Duration, error) {
	var packages []string
	for _, s := range b.shapes {
		if err := b.edit(filepath.Join(b.baselineDir(), s.Name, s.File)); err != nil {
			return 0, err
		}
		packages = append(packages, "./"+s.Name)
	}
	return b.run(b.baselineDir(), "go", append([]string{"test", "-count=1"}, packages...)...)
}

// spawn starts so many processes for each scenario, as many scenarios at once as the checker plays.
func (b *bench) spawn(processes []int) (time.Duration, error) {
	began := time.Now()
	slots := make(chan bool, grade.DefaultJobs())
	var all sync.WaitGroup
	var failed error
	var mutex sync.Mutex
	for _, n := range processes {
		slots <- true
		all.Go(func() {
			defer func() { <-slots }()
			if _, err := b.run(b.dir, filepath.Join(b.dir, "spawn"), fmt.Sprint(n)); err != nil {
				mutex.Lock()
				failed = err
				mutex.Unlock()
			}
		})
	}
	all.Wait()
	return time.Since(began), failed
}
