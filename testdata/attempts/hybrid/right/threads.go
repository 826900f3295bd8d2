// Hands out the jobs by a counter, starts by os.StartProcess, and has one file for each value.
package hybrid

import (
	"encoding/gob"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
)

type Task func(input string) string

type Job struct{ Task, Input string }

type Result struct {
	Value string
	Err   error
}

var tasks = map[string]Task{}

func Register(name string, task Task) { tasks[name] = task }

// Main finds the jobs in a folder, and does those of its share.
func Main() {
	if len(os.Args) != 6 || os.Args[1] != "hybrid-share" {
		return
	}
	dir := os.Args[2]
	number, _ := strconv.Atoi(os.Args[3])
	processes, _ := strconv.Atoi(os.Args[4])
	threads, _ := strconv.Atoi(os.Args[5])
	file, err := os.Open(filepath.Join(dir, "jobs"))
	if err != nil {
		panic(err)
	}
	var jobs []Job
	if err := gob.NewDecoder(file).Decode(&jobs); err != nil {
		panic(err)
	}
	var next atomic.Int64
	var all sync.WaitGroup
	all.Add(threads)
	for range threads {
		go func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			defer all.Done()
			for {
				i := number + processes*int(next.Add(1)-1)
				if i >= len(jobs) {
					return
				}
				task := tasks[jobs[i].Task]
				if task == nil {
					continue
				}
				name := filepath.Join(dir, strconv.Itoa(i))
				if err := os.WriteFile(name+".part", []byte(task(jobs[i].Input)), 0o600); err != nil {
					panic(err)
				}
				os.Rename(name+".part", name)
			}
		}()
	}
	all.Wait()
	os.Exit(0)
}

func Run(processes, threads int, jobs ...Job) []Result {
	results := make([]Result, len(jobs))
	if err := do(processes, threads, jobs, results); err != nil {
		for i := range results {
			results[i] = Result{Err: err}
		}
	}
	return results
}

func do(processes, threads int, jobs []Job, results []Result) error {
	dir, err := os.MkdirTemp("", "hybrid")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file, err := os.Create(filepath.Join(dir, "jobs"))
	if err != nil {
		return err
	}
	defer file.Close()
	if err := gob.NewEncoder(file).Encode(jobs); err != nil {
		return err
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	var children []*os.Process
	for p := range min(processes, len(jobs)) {
		child, err := os.StartProcess(exe, []string{exe, "hybrid-share", dir, strconv.Itoa(p), strconv.Itoa(processes), strconv.Itoa(threads)},
			&os.ProcAttr{Files: []*os.File{nil, os.Stdout, os.Stderr}})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			continue
		}
		children = append(children, child)
	}
	var all sync.WaitGroup
	for _, child := range children {
		all.Go(func() { child.Wait() })
	}
	all.Wait()
	for i := range results {
		value, err := os.ReadFile(filepath.Join(dir, strconv.Itoa(i)))
		results[i] = Result{string(value), err}
	}
	return nil
}
