package program

import (
	"fmt"
	"runtime"
	"unsafe"

	"forklings/checker/syncpoint"
	states "forklings/exercises/25-states"

	"golang.org/x/sys/unix"
)

// overtaken has a goroutine wait for a child that is stopped and, before the goroutine can go on, continued. Later the child
// is stopped and, before the goroutine can go on, killed.
func overtaken(me syncpoint.Role) {
	withoutPreemption()
	runtime.GOMAXPROCS(1)
	pid := child("held").Process.Pid
	me.Reach("started")
	news := make(chan string, 8)
	go func() {
		for told := ""; told != "error" && told != string(states.HasEnded); {
			change, err := states.Wait(pid)
			if told = string(change); err != nil {
				told = "error"
			}
			news <- told
		}
	}()
	// The stop may be told, too: before it was overtaken.
	after := func() (told string) {
		if told = <-news; told == string(states.HasStopped) {
			told = <-news
		}
		return told
	}
	me.Reach("waiting")
	overtake(pid, unix.SIGCONT, unix.WCONTINUED)
	me.Say("then", after())
	me.Reach("overtaken")
	overtake(pid, unix.SIGKILL, unix.WEXITED)
	me.Say("end", after())
	me.Reach("told")
}

// overtake stops a child. When every thread that waits for that has been told, it sends the second signal, and returns when that
// has had its effect. Meanwhile no goroutine can go on: only one thread at a time runs Go code, and the runtime takes that from
// nobody between raw system calls.
func overtake(pid int, signal unix.Signal, effect int) {
	files := newFiles(pid)
	files.tellAll(pid, unix.SIGSTOP, unix.WSTOPPED)
	files.send(pid, signal, effect)
}

// files are what is read between raw system calls.
type files struct {
	stat  []byte   // tells a child's state, proc_pid_stat(5)
	tids  []int    // this process's threads
	calls [][]byte // tell in which system call each of them is, proc_pid_syscall(5)
	text  []byte
}

func newFiles(pid int) *files {
	f := &files{stat: fmt.Appendf(nil, "/proc/%d/stat\x00", pid), text: make([]byte, 512)}
	for _, tid := range threads(unix.Getpid()) {
		f.tids = append(f.tids, tid)
		f.calls = append(f.calls, fmt.Appendf(nil, "/proc/self/task/%d/syscall\x00", tid))
	}
	return f
}

// tellAll sends a child a signal, and returns when that has had its effect and no other thread is in a waitid for that any more,
// because each has been told. It makes raw system calls only, as do send and read, and none of these functions looks at its stack: there
// the runtime would give another goroutine its turn.
//
//go:nosplit
func (f *files) tellAll(pid int, signal unix.Signal, effect int) {
	f.send(pid, signal, effect)
	self, _, _ := unix.RawSyscall(unix.SYS_GETTID, 0, 0, 0)
	for i, call := range f.calls {
		for f.tids[i] != int(self) && hears(f.read(call), effect) {
			unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0)
		}
	}
}

// send sends a child a signal, and returns when that has had its effect: a wait would tell of it, or somebody's has taken it
// and the child's state shows it.
//
//go:nosplit
func (f *files) send(pid int, signal unix.Signal, effect int) {
	var info unix.Siginfo
	unix.RawSyscall(unix.SYS_KILL, uintptr(pid), uintptr(signal), 0)
	for info.Signo == 0 && !shows(f.read(f.stat), effect) {
		unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0)
		unix.RawSyscall6(unix.SYS_WAITID, unix.P_PID, uintptr(pid), uintptr(unsafe.Pointer(&info)), uintptr(effect)|unix.WNOHANG|unix.WNOWAIT, 0, 0)
	}
}

// read reads a file whose name ends with a zero byte. A file that cannot be read says nothing.
//
//go:nosplit
func (f *files) read(name []byte) []byte {
	n := uintptr(0)
	if fd, _, errno := unix.RawSyscall6(unix.SYS_OPENAT, ^uintptr(0), uintptr(unsafe.Pointer(&name[0])), unix.O_RDONLY|unix.O_CLOEXEC, 0, 0, 0); errno == 0 {
		if n, _, errno = unix.RawSyscall(unix.SYS_READ, fd, uintptr(unsafe.Pointer(&f.text[0])), uintptr(len(f.text))); errno != 0 {
			n = 0
		}
		unix.RawSyscall(unix.SYS_CLOSE, fd, 0, 0)
	}
	return f.text[:n]
}

// shows reports whether a child's stat tells of such a change: the state follows the last parenthesis. What has ended is gone
// when somebody has taken its end.
//
//go:nosplit
func shows(stat []byte, effect int) bool {
	letter := byte(0)
	for i := len(stat) - 3; i > 0; i-- {
		if stat[i] == ')' {
			letter = stat[i+2]
			break
		}
	}
	stopped := letter == 'T' || letter == 't'
	switch effect {
	case unix.WSTOPPED:
		return stopped
	case unix.WCONTINUED:
		return letter != 0 && !stopped
	}
	return letter == 0
}

// hears reports whether a thread is in a waitid that such a change ends: its number, and its arguments in hexadecimal, the fourth of which
// holds the options, proc_pid_syscall(5). One that runs may have been woken in it, and look at the child only when it gets a CPU; when it
// has left it, it will sleep until it may run Go code. It allocates nothing.
//
//go:nosplit
func hears(text []byte, effect int) bool {
	if len(text) > 0 && text[0] == 'r' { // running
		return true
	}
	field, number, options := 0, 0, 0
	for _, c := range text {
		switch {
		case c == ' ':
			field++
		case field == 0 && c >= '0' && c <= '9':
			number = number*10 + int(c-'0')
		case field == 4 && c == 'x': // of 0x
			options = 0
		case field == 4 && c >= 'a':
			options = options<<4 | int(c-'a'+10)
		case field == 4:
			options = options<<4 | int(c-'0')
		}
	}
	return number == unix.SYS_WAITID && options&effect != 0
}
