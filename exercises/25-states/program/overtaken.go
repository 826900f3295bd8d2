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
	var info unix.Siginfo
	tellAll(pid, unix.SIGSTOP, unix.WSTOPPED, calls(), make([]byte, 256))
	unix.RawSyscall(unix.SYS_KILL, uintptr(pid), uintptr(signal), 0)
	for info.Signo == 0 {
		unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0)
		unix.RawSyscall6(unix.SYS_WAITID, unix.P_PID, uintptr(pid), uintptr(unsafe.Pointer(&info)), uintptr(effect)|unix.WNOHANG|unix.WNOWAIT, 0, 0)
	}
}

// calls are the files that tell in which system call each thread of this process is, proc_pid_syscall(5).
func calls() (files [][]byte) {
	for _, tid := range threads(unix.Getpid()) {
		files = append(files, fmt.Appendf(nil, "/proc/self/task/%d/syscall\x00", tid))
	}
	return files
}

// tellAll sends a child a signal, and returns when that has had its effect and no other thread is in a waitid for that any more,
// because each has been told. Like overtake it makes raw system calls only.
func tellAll(pid int, signal unix.Signal, effect int, files [][]byte, text []byte) {
	var info unix.Siginfo
	unix.RawSyscall(unix.SYS_KILL, uintptr(pid), uintptr(signal), 0)
	for info.Signo == 0 {
		unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0)
		unix.RawSyscall6(unix.SYS_WAITID, unix.P_PID, uintptr(pid), uintptr(unsafe.Pointer(&info)), uintptr(effect)|unix.WNOHANG|unix.WNOWAIT, 0, 0)
	}
	for _, file := range files {
		for waits := true; waits; {
			unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0)
			n := uintptr(0) // a file that cannot be read says nothing
			if fd, _, errno := unix.RawSyscall6(unix.SYS_OPENAT, ^uintptr(0), uintptr(unsafe.Pointer(&file[0])), unix.O_RDONLY|unix.O_CLOEXEC, 0, 0, 0); errno == 0 {
				if n, _, errno = unix.RawSyscall(unix.SYS_READ, fd, uintptr(unsafe.Pointer(&text[0])), uintptr(len(text))); errno != 0 {
					n = 0
				}
				unix.RawSyscall(unix.SYS_CLOSE, fd, 0, 0)
			}
			waits = hears(text[:n], effect)
		}
	}
}

// hears reports whether a thread is in a waitid that such a change ends: its number, and its arguments in hexadecimal, the fourth of which
// holds the options, proc_pid_syscall(5). It allocates nothing.
func hears(text []byte, effect int) bool {
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
