package program

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unsafe"

	"forklings/checker/syncpoint"

	"golang.org/x/sys/unix"
)

const (
	fifo     = "orders" // a named pipe in the scenario's directory
	firstEnd = 100      // the descriptor of its end for reading, and the next one is that for writing
)

// trace stops a process at each of its system calls (ptrace(2)). When one has told that the named pipe is ready, it drains
// the pipe, or fills it, before the process can go on: what another process may do at any time is done at the moment where
// it matters. And it says whether the pipe was in non-blocking mode for anybody who shares it.
func trace(me syncpoint.Role) {
	pid, meddle := number(os.Args[2]), drainFIFO
	if os.Args[3] == "fill" {
		meddle = fillFIFO
	}
	own, err := unix.Open(fifo, unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	must(err)
	runtime.LockOSThread() // a thread is the tracer
	threads, err := seize(pid)
	me.Say("tracing", err == nil)
	if err != nil {
		me.Reach("tracing")
		return
	}

	fresh := len(threads) // of them, so many have not stopped so far
	calls := map[int]call{}
	for {
		var status unix.WaitStatus
		tid, err := unix.Wait4(-1, &status, unix.WALL, nil)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return // nobody is left
		}
		if !status.Stopped() {
			continue
		}
		if threads[tid] {
			threads[tid] = false
			if fresh--; fresh == 0 {
				go me.Reach("tracing")
			}
		}
		deliver := 0
		switch signal := status.StopSignal(); {
		case signal == unix.SIGTRAP|0x80:
			c, ended := stoppedAt(tid)
			if !ended {
				calls[tid] = c
				break
			}
			if calls[tid].asks() && c.result > 0 || calls[tid].counts() && c.result == 0 {
				meddle(own)
			}
			if nonBlocking(pid) {
				me.Say("mode", "changed")
			}
		case int(status)>>16 == 0: // no event of ptrace: a signal of its own
			deliver = int(signal)
		}
		unix.PtraceSyscall(tid, deliver) // an error says that it has ended
	}
}

// seize begins to trace every thread of the process.
func seize(pid int) (threads map[int]bool, err error) {
	threads = map[int]bool{}
	for more := true; more; {
		more = false
		list, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
		for _, task := range list {
			tid := number(filepath.Base(task))
			if threads[tid] {
				continue
			}
			const options = unix.PTRACE_O_TRACESYSGOOD | unix.PTRACE_O_TRACECLONE
			if _, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SEIZE, uintptr(tid), 0, options, 0, 0); errno == unix.EPERM {
				if owner(tid) != unix.Gettid() { // else it was begun by one of ours, and is traced already
					return nil, errno
				}
				continue
			} else if errno != 0 {
				continue // it has ended
			}
			unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_INTERRUPT, uintptr(tid), 0, 0, 0, 0)
			threads[tid], more = true, true
		}
	}
	return threads, nil
}

// owner is the tracer of a thread.
func owner(tid int) (tracer int) {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", tid))
	for line := range strings.Lines(string(text)) {
		if value, found := strings.CutPrefix(line, "TracerPid:"); found {
			return number(strings.TrimSpace(value))
		}
	}
	return 0
}

// call is a system call at its begin, or its result.
type call struct {
	number  uint64
	request uint64 // the second argument
	result  int64
}

// readiness are the calls that tell which files are ready.
var readiness = map[uint64]bool{
	unix.SYS_PPOLL: true, unix.SYS_PSELECT6: true, unix.SYS_EPOLL_PWAIT: true, unix.SYS_EPOLL_PWAIT2: true,
}

// asks: the call asks whether files are ready.
func (c call) asks() bool { return readiness[c.number] }

// counts: the call asks how many bytes are there.
func (c call) counts() bool { return c.number == unix.SYS_IOCTL && c.request == unix.TIOCINQ }

// stoppedAt reads struct ptrace_syscall_info.
func stoppedAt(tid int) (c call, ended bool) {
	var info struct {
		op         uint8
		_          [3]uint8
		arch       uint32
		ip, sp     uint64
		first      uint64 // at the begin the number, at the end the result
		_, request uint64
		_, _, _, _ uint64
		_, _, _    uint64
	}
	unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_GET_SYSCALL_INFO, uintptr(tid), unsafe.Sizeof(info), uintptr(unsafe.Pointer(&info)), 0, 0)
	if info.op == unix.PTRACE_SYSCALL_INFO_EXIT {
		return call{result: int64(info.first)}, true
	}
	return call{number: info.first, request: info.request}, false
}

// nonBlocking tells whether one of the ends that the process has opened is in non-blocking mode.
func nonBlocking(pid int) bool {
	for _, fd := range []int{firstEnd, firstEnd + 1} {
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/fdinfo/%d", pid, fd))
		for line := range strings.Lines(string(text)) {
			if value, found := strings.CutPrefix(line, "flags:"); found {
				var flags int
				fmt.Sscanf(value, "%o", &flags)
				if flags&unix.O_NONBLOCK != 0 {
					return true
				}
			}
		}
	}
	return false
}

func drainFIFO(fd int) {
	b := make([]byte, 4096)
	for n := 1; n > 0; {
		n, _ = unix.Read(fd, b)
	}
}

func fillFIFO(fd int) {
	b := make([]byte, 4096)
	for n := 1; n > 0; {
		n, _ = unix.Write(fd, b)
	}
}
