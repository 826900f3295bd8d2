// Has no more processes at a time than there are CPUs, but two in any case.
package hybrid

import (
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
)

type Task func(input string) string
type Job struct{ Task, Input string }
type Result struct {
	Value string
	Err   error
}

const mark = "HYBRID_CHILD"

var (
	mu    sync.Mutex
	tasks = map[string]Task{}
)

func Register(name string, task Task) {
	mu.Lock()
	defer mu.Unlock()
	tasks[name] = task
}

type order struct {
	Threads int
	Jobs    []Job
}
type answer struct {
	Index   int
	Value   string
	Unknown bool
}

func Main() {
	if os.Getenv(mark) == "" {
		return
	}
	os.Unsetenv(mark)
	in, out := os.NewFile(3, "in"), os.NewFile(4, "out")
	var o order
	if err := gob.NewDecoder(in).Decode(&o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	in.Close()
	next := make(chan int)
	enc := gob.NewEncoder(out)
	var lock sync.Mutex
	var wg sync.WaitGroup
	for t := 0; t < o.Threads && t < len(o.Jobs); t++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			runtime.LockOSThread()
			for i := range next {
				a := answer{Index: i}
				if task, ok := tasks[o.Jobs[i].Task]; ok {
					a.Value = task(o.Jobs[i].Input)
				} else {
					a.Unknown = true
				}
				lock.Lock()
				err := enc.Encode(a)
				lock.Unlock()
				if err != nil {
					os.Exit(1)
				}
			}
		}()
	}
	for i := range o.Jobs {
		next <- i
	}
	close(next)
	wg.Wait()
	os.Exit(0)
}

func Run(processes, threads int, jobs ...Job) []Result {
	results := make([]Result, len(jobs))
	sem := make(chan int, max(2, runtime.NumCPU()))
	var wg sync.WaitGroup
	for p := 0; p < processes && p < len(jobs); p++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			sem <- 1
			defer func() { <-sem }()
			var share []int
			o := order{Threads: threads}
			for i := p; i < len(jobs); i += processes {
				share = append(share, i)
				o.Jobs = append(o.Jobs, jobs[i])
			}
			done := make([]bool, len(share))
			err := child(o, func(a answer) {
				r := &results[share[a.Index]]
				done[a.Index] = true
				if a.Unknown {
					r.Err = fmt.Errorf("no task %q", jobs[share[a.Index]].Task)
				} else {
					r.Value = a.Value
				}
			})
			if err == nil {
				err = errors.New("process ended early")
			}
			for k, i := range share {
				if !done[k] {
					results[i].Err = err
				}
			}
		}()
	}
	wg.Wait()
	return results
}

func child(o order, got func(answer)) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	inR, inW, err := os.Pipe()
	if err != nil {
		return err
	}
	outR, outW, err := os.Pipe()
	if err != nil {
		inR.Close()
		inW.Close()
		return err
	}
	defer outR.Close()
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), mark+"=1")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.ExtraFiles = []*os.File{inR, outW}
	err = cmd.Start()
	inR.Close()
	outW.Close()
	if err != nil {
		inW.Close()
		return err
	}
	wrote := make(chan struct{})
	go func() {
		gob.NewEncoder(inW).Encode(o)
		inW.Close()
		close(wrote)
	}()
	dec := gob.NewDecoder(outR)
	for {
		var a answer
		if dec.Decode(&a) != nil {
			break
		}
		got(a)
	}
	<-wrote
	return cmd.Wait()
}
