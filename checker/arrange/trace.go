package arrange

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Traceable lets any process trace this one, where a machine asks for that (PR_SET_PTRACER).
func Traceable() {
	unix.Prctl(unix.PR_SET_PTRACER, unix.PR_SET_PTRACER_ANY, 0, 0, 0) // an error says that nobody asks
}

// Call is a system call at its begin, or its result.
type Call struct {
	Number uint64
	Args   [6]uint64
	Result int64
}

// Trace traces every thread of a process (ptrace(2)) until that has ended, and calls stopped when one of them begins a system
// call or has ended one: the thread, its call before it and the result after it. It goes on when stopped returns; meanwhile
// every other thread of the process goes as far as its next system call. Where stopped wants to keep it, the others go on, and
// stopped is asked again whenever one of them stops. begun hears, in a goroutine, that each of them is traced, or why that
// is not so: not every machine allows it.
func Trace(pid int, begun func(error), stopped func(call, result *Call) (keep bool)) {
	runtime.LockOSThread() // a thread is the tracer
	threads, err := seize(pid)
	if err != nil {
		begun(err)
		return
	}
	fresh := len(threads) // of them, so many have not stopped so far
	calls := map[int]Call{}
	kept := map[int]func() bool{}
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
				go begun(nil)
			}
		}
		deliver := 0
		switch signal := status.StopSignal(); {
		case signal == unix.SIGTRAP|0x80:
			c, ended := stoppedAt(tid)
			ask := func() bool { return stopped(&c, nil) }
			if call := calls[tid]; ended {
				ask = func() bool { return stopped(&call, &c) }
			} else {
				calls[tid] = c
			}
			if kept[tid] = ask; ask() {
				continue
			}
			delete(kept, tid)
		case int(status)>>16 == 0: // no event of ptrace: a signal of its own
			deliver = int(signal)
		}
		unix.PtraceSyscall(tid, deliver) // an error says that it has ended
		for other, ask := range kept {
			if !ask() {
				delete(kept, other)
				unix.PtraceSyscall(other, 0)
			}
		}
	}
}

// seize begins to trace every thread of the process.
func seize(pid int) (threads map[int]bool, err error) {
	threads = map[int]bool{}
	for more := true; more; {
		more = false
		list, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
		for _, task := range list {
			tid, err := strconv.Atoi(filepath.Base(task))
			must(err)
			if threads[tid] {
				continue
			}
			const options = unix.PTRACE_O_TRACESYSGOOD | unix.PTRACE_O_TRACECLONE
			if _, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SEIZE, uintptr(tid), 0, options, 0, 0); errno == unix.EPERM {
				if tracer(tid) != unix.Gettid() { // else it was begun by one of ours, and is traced already
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

// tracer is the tracer of a thread, 0 when it has none.
func tracer(tid int) (tracer int) {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", tid))
	for line := range strings.Lines(string(text)) {
		if value, found := strings.CutPrefix(line, "TracerPid:"); found {
			fmt.Sscan(value, &tracer)
		}
	}
	return tracer
}

// stoppedAt reads struct ptrace_syscall_info.
func stoppedAt(tid int) (c Call, ended bool) {
	var info struct {
		op     uint8
		_      [3]uint8
		arch   uint32
		ip, sp uint64
		first  uint64 // at the begin the number, at the end the result
		args   [6]uint64
		_, _   uint64
	}
	unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_GET_SYSCALL_INFO, uintptr(tid), unsafe.Sizeof(info), uintptr(unsafe.Pointer(&info)), 0, 0)
	if info.op == unix.PTRACE_SYSCALL_INFO_EXIT {
		return Call{Result: int64(info.first)}, true
	}
	return Call{Number: info.first, Args: info.args}, false
}
