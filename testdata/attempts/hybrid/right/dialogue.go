// Sends a thread its next job when it has answered, over a socket pair for each thread.
package hybrid

import (
	"encoding/gob"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"syscall"
)

type Task func(input string) string

type Job struct{ Task, Input string }

type Result struct {
	Value string
	Err   error
}

var tasks = map[string]Task{}

func Register(name string, task Task) { tasks[name] = task }

// Main has a thread for each socket that it was given, which answers until the other end is closed.
func Main() {
	if len(os.Args) != 3 || os.Args[1] != "--hybrid-dialogue" {
		return
	}
	threads, _ := strconv.Atoi(os.Args[2])
	var all sync.WaitGroup
	for i := range threads {
		all.Go(func() {
			runtime.LockOSThread()
			socket := os.NewFile(uintptr(3+i), "socket")
			jobs, values := gob.NewDecoder(socket), gob.NewEncoder(socket)
			for {
				var job Job
				if jobs.Decode(&job) != nil {
					return
				}
				if err := values.Encode(tasks[job.Task](job.Input)); err != nil {
					return
				}
			}
		})
	}
	all.Wait()
	os.Exit(0)
}

func Run(processes, threads int, jobs ...Job) []Result {
	results := make([]Result, len(jobs))
	var all sync.WaitGroup
	for p := range min(processes, len(jobs)) {
		var share []int
		for i := p; i < len(jobs); i += processes {
			if tasks[jobs[i].Task] == nil {
				results[i].Err = errors.New("no such task")
			} else {
				share = append(share, i)
			}
		}
		if len(share) == 0 {
			continue
		}
		all.Go(func() {
			for _, i := range share {
				results[i].Err = errors.New("its process has ended")
			}
			if err := do(threads, share, jobs, results); err != nil {
				fmt.Fprintln(os.Stderr, "hybrid:", err)
			}
		})
	}
	all.Wait()
	return results
}

func do(threads int, share []int, jobs []Job, results []Result) error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(exe, "--hybrid-dialogue", strconv.Itoa(threads))
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	var sockets []net.Conn
	defer func() {
		for _, f := range cmd.ExtraFiles {
			f.Close()
		}
		for _, s := range sockets {
			s.Close()
		}
	}()
	for range threads {
		pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
		if err != nil {
			return err
		}
		mine := os.NewFile(uintptr(pair[0]), "mine")
		cmd.ExtraFiles = append(cmd.ExtraFiles, os.NewFile(uintptr(pair[1]), "theirs"))
		socket, err := net.FileConn(mine)
		mine.Close()
		if err != nil {
			return err
		}
		sockets = append(sockets, socket)
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	for _, f := range cmd.ExtraFiles {
		f.Close()
	}
	cmd.ExtraFiles = nil

	var mutex sync.Mutex
	left := slices.Clone(share)
	next := func() (i int, ok bool) {
		mutex.Lock()
		defer mutex.Unlock()
		if len(left) == 0 {
			return 0, false
		}
		i, left = left[0], left[1:]
		return i, true
	}
	var all sync.WaitGroup
	for _, socket := range sockets {
		all.Go(func() {
			defer socket.Close()
			out, in := gob.NewEncoder(socket), gob.NewDecoder(socket)
			for {
				i, ok := next()
				if !ok || out.Encode(jobs[i]) != nil {
					return
				}
				var value string
				if in.Decode(&value) != nil {
					return
				}
				results[i] = Result{Value: value}
			}
		})
	}
	all.Wait()
	return cmd.Wait()
}
