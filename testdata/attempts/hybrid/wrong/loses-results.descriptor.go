// The child sends its values by descriptor 4, and the first of ExtraFiles is 3.
package hybrid

import (
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync"
)

type Task func(input string) string

type Job struct{ Task, Input string }

type Result struct {
	Value string
	Err   error
}

const (
	marker = "--hybrid-child"
	outbox = 4
)

type message struct {
	Number int
	Job    Job
	Value  string
}

var tasks = map[string]Task{}

func Register(name string, task Task) { tasks[name] = task }

func Main() {
	if len(os.Args) != 3 || os.Args[1] != marker {
		return
	}
	threads, err := strconv.Atoi(os.Args[2])
	if err == nil {
		err = work(threads, gob.NewDecoder(os.Stdin), gob.NewEncoder(os.NewFile(outbox, "results")))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "hybrid:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func work(threads int, in *gob.Decoder, out *gob.Encoder) error {
	var share []message
	if err := in.Decode(&share); err != nil {
		return err
	}
	jobs := make(chan message, len(share))
	for _, m := range share {
		jobs <- m
	}
	close(jobs)

	var sending sync.Mutex
	var failed error
	var all sync.WaitGroup
	for range threads {
		all.Go(func() {
			runtime.LockOSThread() // never undone: the thread ends with the goroutine
			for m := range jobs {
				value := tasks[m.Job.Task](m.Job.Input)
				sending.Lock()
				failed = errors.Join(failed, out.Encode(message{Number: m.Number, Value: value}))
				sending.Unlock()
			}
		})
	}
	all.Wait()
	return failed
}

func Run(processes, threads int, jobs ...Job) []Result {
	results := make([]Result, len(jobs))
	shares := make([][]message, min(processes, len(jobs)))
	for i, job := range jobs {
		if tasks[job.Task] == nil {
			results[i].Err = fmt.Errorf("hybrid: no task %q is registered", job.Task)
			continue
		}
		shares[i%processes] = append(shares[i%processes], message{Number: i, Job: job})
	}
	var all sync.WaitGroup
	for _, share := range shares {
		if len(share) > 0 {
			all.Go(func() { delegate(share, threads, results) })
		}
	}
	all.Wait()
	return results
}

func delegate(share []message, threads int, results []Result) {
	missing := map[int]bool{}
	for _, m := range share {
		missing[m.Number] = true
	}
	err := do(share, threads, func(m message) {
		results[m.Number].Value = m.Value
		delete(missing, m.Number)
	})
	for i := range missing {
		results[i].Err = fmt.Errorf("hybrid: the process of this job has ended before it: %w", err)
	}
}

func do(share []message, threads int, receive func(message)) error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	child := exec.Command(exe, marker, strconv.Itoa(threads))
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	in, out, err := os.Pipe()
	if err != nil {
		return err
	}
	defer in.Close()
	child.ExtraFiles = []*os.File{out}
	jobs, err := child.StdinPipe()
	if err == nil {
		err = child.Start()
	}
	out.Close()
	if err != nil {
		return err
	}

	// A child that has ended early takes no more jobs; that shows in the values that are missing.
	gob.NewEncoder(jobs).Encode(share)
	jobs.Close()
	for values := gob.NewDecoder(in); ; {
		var m message
		if values.Decode(&m) != nil {
			break
		}
		receive(m)
	}
	if err := child.Wait(); err != nil {
		return err
	}
	return errors.New("exit status 0")
}
