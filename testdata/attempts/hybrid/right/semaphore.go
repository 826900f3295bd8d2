// Gives each job a goroutine, and lets so many in as there are threads; the values come as JSON, and the share as a file.
package hybrid

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync"

	"golang.org/x/sys/unix"
)

type Task func(input string) string

type Job struct{ Task, Input string }

type Result struct {
	Value string
	Err   error
}

// job has bytes where JSON would change a string.
type job struct {
	Number int
	Task   string
	Text   []byte
}

var tasks = map[string]Task{}

func Register(name string, task Task) { tasks[name] = task }

func Main() {
	if os.Getenv("HYBRID_THREADS") == "" {
		return
	}
	threads, _ := strconv.Atoi(os.Getenv("HYBRID_THREADS"))
	os.Unsetenv("HYBRID_THREADS")
	var share []job
	if err := json.NewDecoder(os.Stdin).Decode(&share); err != nil {
		panic(err)
	}
	inside := make(chan bool, threads)
	answers := make(chan job)
	var sent sync.WaitGroup
	sent.Go(func() {
		out := json.NewEncoder(os.NewFile(3, "values"))
		for a := range answers {
			if err := out.Encode(a); err != nil {
				panic(err)
			}
		}
	})
	var all sync.WaitGroup
	for _, j := range share {
		inside <- true
		all.Go(func() {
			runtime.LockOSThread()
			answers <- job{Number: j.Number, Text: []byte(tasks[j.Task](string(j.Text)))}
			<-inside
		})
	}
	all.Wait()
	close(answers)
	sent.Wait()
	os.Exit(0)
}

func Run(processes, threads int, jobs ...Job) []Result {
	results := make([]Result, len(jobs))
	for i := range results {
		results[i].Err = fmt.Errorf("hybrid: job %d is not done", i)
	}
	var all sync.WaitGroup
	for p := range processes {
		var share []job
		for i := p; i < len(jobs); i += processes {
			if tasks[jobs[i].Task] != nil {
				share = append(share, job{i, jobs[i].Task, []byte(jobs[i].Input)})
			}
		}
		if share != nil {
			all.Go(func() {
				if err := do(threads, share, results); err != nil {
					fmt.Fprintln(os.Stderr, err)
				}
			})
		}
	}
	all.Wait()
	return results
}

func do(threads int, share []job, results []Result) error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	fd, err := unix.MemfdCreate("share", unix.MFD_CLOEXEC)
	if err != nil {
		return err
	}
	file := os.NewFile(uintptr(fd), "share")
	defer file.Close()
	if err := json.NewEncoder(file).Encode(share); err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	in, out, err := os.Pipe()
	if err != nil {
		return err
	}
	defer in.Close()
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), fmt.Sprint("HYBRID_THREADS=", threads))
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = file, os.Stdout, os.Stderr, []*os.File{out}
	err = cmd.Start()
	out.Close()
	if err != nil {
		return err
	}
	for values := json.NewDecoder(in); ; {
		var j job
		if values.Decode(&j) != nil {
			return cmd.Wait()
		}
		results[j.Number] = Result{Value: string(j.Text)}
	}
}
