package supervisor

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"sync/atomic"
	"syscall"

	"forklings/checker/seccomp"
	"forklings/checker/trace"

	"golang.org/x/sys/unix"
)

const socket = 3

// init is the whole life of a supervisor and of a nursery: a process that was started as one never comes to main. Packages
// are made ready in the order of their names, as soon as what they import is (https://go.dev/ref/spec#Program_initialization),
// so most of what the checker needs is not waited for here. There are many supervisors, and their start is a good part of a grade.
func init() {
	switch os.Args[0] {
	case Name:
		go supervise()
	case Nursery:
		go nurse()
	case Nothing:
		os.Exit(0)
	default:
		return
	}
	select {} // the main thread, which signals are checked against, is never taken
}

// tracer traces all programs, when that is wanted. It belongs to the thread of the loop below.
var tracer *trace.Tracer

// launch is what becomes the programs that are traced, and the filter that it is handed.
var launch struct {
	path   string
	filter seccomp.Program
}

func supervise() {
	keepDescriptors()
	ends := make(chan os.Signal, 1)
	signal.Notify(ends, unix.SIGCHLD)
	// Caught and left alone, not ignored: programs would inherit that over exec.
	signal.Notify(make(chan os.Signal, 1), unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT)

	first, ok := receive()
	if !ok {
		os.Exit(1)
	}
	ready, err := settle(first.Request)
	if err != nil {
		send(Report{Kind: "error", Error: err.Error()})
		os.Exit(1)
	}
	if first.Trace != "" {
		if launch.filter, err = trace.Filter(); err != nil {
			send(Report{Kind: "error", Error: err.Error()})
			os.Exit(1)
		}
		if launch.path, err = trace.SmallLauncher(); err != nil {
			launch.path = "/proc/self/exe"
		}
		signal.Stop(ends)
		runtime.LockOSThread()
		tracer = &trace.Tracer{Dir: first.Trace, Refused: first.NoPtrace, Tell: func(r trace.Record) { send(Report{Kind: "trace", Record: &r}) }, Held: tellHeld}
		send(ready)
		listen()
	}
	send(ready)
	requests := make(chan received)
	go read(requests)
	for {
		select {
		case <-ends:
			reap()
		case r, ok := <-requests:
			serve(r, ok)
		}
	}
}

// listen waits for what happens to the programs, on the one thread that traces, and for requests. Each stop of a program
// must cost little: so that thread sleeps in wait4 itself, and a request interrupts that.
func listen() {
	trace.Interrupting(unix.SIGUSR2)
	self, again := unix.Gettid(), unix.NsecToTimespec(20_000)
	requests := make(chan received, 1)
	var taken atomic.Int64
	go func() {
		for n := int64(1); ; n++ {
			r, ok := receive()
			r.lost = !ok
			requests <- r
			for taken.Load() < n { // a signal that comes just before wait4 begins is of no use
				unix.Tgkill(os.Getpid(), self, unix.SIGUSR2)
				unix.Nanosleep(&again, nil)
			}
		}
	}()
	take := func(r received) {
		taken.Add(1)
		serve(r, !r.lost)
	}
	for {
		select {
		case r := <-requests:
			take(r)
			continue
		default:
		}
		var status unix.WaitStatus
		switch pid, err := unix.Wait4(-1, &status, unix.WALL, nil); err {
		case nil:
			happened(pid, status)
		case unix.ECHILD:
			take(<-requests)
		}
	}
}

// serve does what a request asks for; without one, the checker is gone.
func serve(r received, ok bool) {
	switch {
	case !ok || r.Op == "end":
		finish()
		send(Report{Kind: "done"})
		os.Exit(0)
	case r.Op == "start":
		start(r)
	case r.Op == "go":
		letGo(r.TID)
	case r.Op == "gate" && !trace.CanTakeTurns:
		send(Report{Kind: "cannot", Error: cannotExplore.String()})
	case r.Op == "gate":
		tracer.Gate(r.Gates)
		send(Report{Kind: "gated"})
	case r.Op == "hold" && (tracer != nil || listening):
		hold(r.PID, r.Call, r.Files)
		send(Report{Kind: "holds"})
	case !listening:
		send(Report{Kind: "cannot", Error: errNumbers.Error()})
	default:
		protect(r.PID)
		send(Report{Kind: "protected"})
	}
}

// keepDescriptors sets close-on-exec on the socket, and on all that the checker itself was started with: a shell
// or a CI runner may have left descriptors open that would show up in every program.
func keepDescriptors() {
	unix.CloseOnExec(socket)
	open, _ := os.ReadDir("/proc/self/fd")
	for _, entry := range open {
		if fd, err := strconv.Atoi(entry.Name()); err == nil && fd > socket {
			unix.CloseOnExec(fd)
		}
	}
}

// start shares its loop with reap, so that the number of a new child cannot be used again before its pidfd
// is open.
func start(r received) {
	one := func() (pid int, err error) {
		done := make(chan bool)
		spawns <- func() { pid, err = spawn(r); close(done) }
		<-done
		return pid, err
	}
	var pid int
	var err error
	var hold *os.File
	if tracer != nil {
		var held *os.File
		if held, hold, err = os.Pipe(); err != nil {
			send(Report{Kind: "error", Error: err.Error()})
			return
		}
		r.held = held
		defer held.Close()
		defer hold.Close() // lets it go
	}
	if r.PID == 0 {
		pid, err = one()
	} else {
		pid, err = spawnAs(r.PID, one)
	}
	for _, fd := range r.files {
		unix.Close(fd)
	}
	if err != nil {
		kind := "error"
		if err == errNumbers {
			kind = "cannot"
		}
		send(Report{Kind: kind, Error: err.Error()})
		return
	}
	if tracer != nil {
		if err := tracer.Seize(pid); err != nil {
			unix.Kill(pid, unix.SIGKILL) // its system calls would find no tracer
			send(Report{Kind: "cannot", Error: err.Error()})
			return
		}
		// Only now: of several that were started for one PID, another one would have read it.
		if _, err := hold.Write(seccomp.Bytes(launch.filter)); err != nil {
			unix.Kill(pid, unix.SIGKILL)
			send(Report{Kind: "error", Error: err.Error()})
			return
		}
	}
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		send(Report{Kind: "error", Error: "pidfd_open: " + err.Error()})
		return
	}
	defer unix.Close(fd)
	spare(pid)
	send(Report{Kind: "started", PID: pid}, fd)
}

// spare makes a program, and all that it starts, be ended before this process when memory runs out, proc_pid_oom_score_adj(5).
func spare(pid int) {
	if f, err := os.OpenFile(fmt.Sprintf("/proc/%d/oom_score_adj", pid), os.O_WRONLY, 0); err == nil { // without, the largest is ended
		f.WriteString("1000")
		f.Close()
	}
}

// spawn starts a program the way a shell does: in a process group of its own, standard input from /dev/null,
// output to files and never to pipes.
func spawn(r received) (int, error) {
	files := r.files
	if len(files) != 3 {
		null, err := unix.Open(os.DevNull, unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err != nil {
			return 0, fmt.Errorf("open %s: %w", os.DevNull, err)
		}
		defer unix.Close(null)
		files = []int{null}
		for _, name := range []string{r.Out, r.Err} {
			fd, err := unix.Open(name, unix.O_WRONLY|unix.O_CREAT|unix.O_APPEND|unix.O_CLOEXEC, 0o666)
			if err != nil {
				return 0, fmt.Errorf("open %s: %w", name, err)
			}
			defer unix.Close(fd)
			files = append(files, fd)
		}
	}
	path, args := r.Path, r.Args
	attr := &syscall.ProcAttr{
		Dir: r.Dir, Env: r.Env, Sys: &syscall.SysProcAttr{Setpgid: true},
		Files: []uintptr{uintptr(files[0]), uintptr(files[1]), uintptr(files[2])},
	}
	if r.held != nil {
		path, args = launch.path, append([]string{trace.Launcher, path}, args...)
		attr.Files = append(attr.Files, r.held.Fd())
	}
	pid, err := syscall.ForkExec(path, args, attr)
	if err != nil {
		return 0, fmt.Errorf("start %s: %w", r.Path, err)
	}
	return pid, nil
}

// received is a request with the descriptors that came with it.
type received struct {
	Request
	files []int
	lost  bool     // there is no request: the checker is gone
	held  *os.File // traced: until its end of file, the program waits to be traced
}

// read hands on requests until the checker is gone.
func read(to chan<- received) {
	defer close(to)
	for {
		r, ok := receive()
		if !ok {
			return
		}
		to <- r
	}
}

// message is what requests are read by way of: one at a time.
var message [MaxMessage]byte

// receive waits for a request; without ok, the checker is gone.
func receive() (r received, ok bool) {
	var err error
	r.files, err = Receive(socket, message[:], &r.Request)
	return r, err == nil
}

// send reports to the checker.
func send(r Report, files ...int) { Send(socket, r, files...) }
