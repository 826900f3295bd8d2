package trace

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// shown is how much of what is read and written is kept, in bytes.
const shown = 64

// decode says what a call is about to do; wanted is false when that tells nothing.
func (t *Tracer) decode(k *task, nr int) (r Record, wanted bool) {
	a := k.args
	switch nr {
	case unix.SYS_WAIT4:
		r = Record{Op: Wait, Call: "wait4", Target: int(int32(a[0])), Flags: a[2]}
		if a[2]&unix.WNOHANG == 0 {
			r.Phase = Begins
		}
	case unix.SYS_WAITID:
		r = Record{Op: Wait, Call: "waitid", Target: t.whom(k), Flags: a[3]}
		if a[3]&unix.WNOHANG == 0 {
			r.Phase = Begins
		}
	case unix.SYS_KILL:
		r = Record{Op: Kill, Call: "kill", Target: int(int32(a[0])), Signal: unix.SignalName(unix.Signal(a[1]))}
	case unix.SYS_TGKILL:
		r = Record{Op: Kill, Call: "tgkill", Target: int(int32(a[0])), Signal: unix.SignalName(unix.Signal(a[2]))}
		return r, r.Target != k.pid
	case unix.SYS_TKILL:
		r = Record{Op: Kill, Call: "tkill", Target: leader(int(int32(a[0]))), Signal: unix.SignalName(unix.Signal(a[1]))}
	case unix.SYS_PIDFD_SEND_SIGNAL:
		r = Record{Op: Kill, Call: "pidfd_send_signal", Target: Pidfd(k.tid, int(int32(a[0]))), Signal: unix.SignalName(unix.Signal(a[1]))}
	case unix.SYS_SETSID:
		r = Record{Op: Setsid, Call: "setsid"}
	case unix.SYS_SETPGID:
		r = Record{Op: Setpgid, Call: "setpgid", Target: or(int(int32(a[0])), k.pid), Flags: uint64(or(int(int32(a[1])), or(int(int32(a[0])), k.pid)))}
	case unix.SYS_PRCTL:
		r = Record{Op: Prctl, Call: "prctl", Flags: a[0], N: int64(a[1])}
		return r, a[0] == unix.PR_SET_CHILD_SUBREAPER || a[0] == unix.PR_SET_PDEATHSIG
	case unix.SYS_OPENAT:
		r = Record{Op: Open, Call: "openat", Path: t.path(k, a[0], a[1]), Flags: a[2]}
		return r, t.below(r.Path)
	case unix.SYS_READ, unix.SYS_PREAD64, unix.SYS_RECVFROM, unix.SYS_RECVMSG, unix.SYS_WRITE, unix.SYS_PWRITE64, unix.SYS_SENDTO, unix.SYS_SENDMSG:
		r = Record{Op: Read, Call: "read", FD: int(int32(a[0]))}
		if nr == unix.SYS_SENDMSG || nr == unix.SYS_RECVMSG {
			k.args[1], k.args[2] = vector(k.tid, a[1])
			a = k.args
		}
		if nr == unix.SYS_WRITE || nr == unix.SYS_PWRITE64 || nr == unix.SYS_SENDTO || nr == unix.SYS_SENDMSG {
			r.Op, r.Call = Write, "write"
			r.Data = string(peek(k.tid, a[1], int(min(a[2], shown))))
		}
		r.Path = descriptor(k.tid, r.FD)
		if Channel(r.Path) {
			r.Phase = Begins
		}
		return r, t.below(r.Path) || Channel(r.Path)
	case unix.SYS_CLOSE:
		r = Record{Op: Close, Call: "close", FD: int(int32(a[0]))}
		r.Path = descriptor(k.tid, r.FD)
		return r, t.below(r.Path) || Channel(r.Path)
	case unix.SYS_FLOCK:
		r = Record{Op: Lock, Call: "flock", FD: int(int32(a[0])), Flags: a[1], Path: descriptor(k.tid, int(int32(a[0])))}
		if a[1]&(unix.LOCK_NB|unix.LOCK_UN) == 0 {
			r.Phase = Begins
		}
	case unix.SYS_FCNTL:
		r = t.fcntl(k)
	case unix.SYS_RENAMEAT, unix.SYS_RENAMEAT2:
		r = Record{Op: Rename, Call: "rename", Path: t.path(k, a[0], a[1]), To: t.path(k, a[2], a[3])}
		return r, t.below(r.Path) || t.below(r.To)
	case unix.SYS_LINKAT:
		r = Record{Op: Link, Call: "link", Path: t.path(k, a[0], a[1]), To: t.path(k, a[2], a[3])}
		return r, t.below(r.Path) || t.below(r.To)
	case unix.SYS_UNLINKAT:
		r = Record{Op: Unlink, Call: "unlink", Path: t.path(k, a[0], a[1])}
		return r, t.below(r.Path)
	case unix.SYS_MKDIRAT:
		r = Record{Op: Mkdir, Call: "mkdir", Path: t.path(k, a[0], a[1])}
		return r, t.below(r.Path)
	case unix.SYS_SYMLINKAT:
		r = Record{Op: Symlink, Call: "symlink", To: text(k.tid, a[0]), Path: t.path(k, a[1], a[2])}
		return r, t.below(r.Path)
	case fstatat, unix.SYS_STATX, unix.SYS_FACCESSAT, unix.SYS_FACCESSAT2:
		r = Record{Op: Look, Call: "stat", Path: t.path(k, a[0], a[1])}
		return r, t.below(r.Path) && text(k.tid, a[1]) != "" // without a path it is about a descriptor
	case unix.SYS_EXECVE:
		return Record{Op: TryExec, Call: "execve", Path: text(k.tid, a[0])}, true
	case unix.SYS_EXECVEAT:
		return Record{Op: TryExec, Call: "execveat", Path: text(k.tid, a[1])}, true
	case unix.SYS_EXIT_GROUP:
		return Record{Op: Exit, Call: "exit_group"}, true
	case unix.SYS_EPOLL_PWAIT:
		t.tell(k, Record{Op: Nap, N: int64(a[3]) * int64(time.Millisecond)})
		return r, false
	case unix.SYS_CLOCK_NANOSLEEP:
		t.tell(k, Record{Op: Nap, N: length(k)})
		return r, false
	case unix.SYS_TRUNCATE:
		r = Record{Op: Truncate, Call: "truncate", Path: t.path(k, at, a[0]), N: int64(a[1])}
		return r, t.below(r.Path)
	case unix.SYS_FTRUNCATE:
		r = Record{Op: Truncate, Call: "ftruncate", FD: int(int32(a[0])), Path: descriptor(k.tid, int(int32(a[0]))), N: int64(a[1])}
		return r, t.below(r.Path)
	default:
		return t.decodeOld(k, nr)
	}
	return r, true
}

// length is how long a clock_nanosleep takes, 0: that is not known.
func length(k *task) int64 {
	b := peek(k.tid, k.args[2], 16)
	if len(b) < 16 {
		return 0
	}
	n := int64(binary.NativeEndian.Uint64(b))*int64(time.Second) + int64(binary.NativeEndian.Uint64(b[8:]))
	if k.args[1]&unix.TIMER_ABSTIME != 0 {
		var now unix.Timespec
		if err := unix.ClockGettime(int32(k.args[0]), &now); err != nil {
			return 0
		}
		n -= now.Nano()
	}
	return max(n, 0)
}

// vector gives the first buffer of a struct msghdr, sendmsg(2).
func vector(tid int, msghdr uint64) (base, length uint64) {
	field := func(addr uint64) uint64 {
		b := peek(tid, addr, 8)
		if len(b) < 8 {
			return 0
		}
		return binary.NativeEndian.Uint64(b)
	}
	iov := field(msghdr + 16) // behind the name and its length
	return field(iov), field(iov + 8)
}

// at is AT_FDCWD as an argument.
const at = uint64(0xffffffffffffff9c)

func or(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

// fcntl is about a lock: struct flock has the type, and no name; the length of its range is not told.
func (t *Tracer) fcntl(k *task) Record {
	r := Record{Op: Lock, Call: "fcntl", FD: int(int32(k.args[0])), Flags: k.args[1], Path: descriptor(k.tid, int(int32(k.args[0])))}
	kind := int16(-1)
	if b := peek(k.tid, k.args[2], 2); len(b) == 2 {
		kind = int16(binary.NativeEndian.Uint16(b))
	}
	r.Data = map[int16]string{unix.F_RDLCK: "shared", unix.F_WRLCK: "exclusive", unix.F_UNLCK: "unlock"}[kind]
	if kind != unix.F_UNLCK && (k.args[1] == unix.F_SETLKW || k.args[1] == unix.F_OFD_SETLKW) {
		r.Phase = Begins
	}
	return r
}

// whom a waitid is about, as wait4 would say it.
func (t *Tracer) whom(k *task) int {
	id := int(int32(k.args[1]))
	switch k.args[0] {
	case unix.P_PID:
		return id
	case unix.P_PGID:
		return -id
	case unix.P_PIDFD:
		return Pidfd(k.tid, id)
	}
	return -1
}

// result completes a record of a call that succeeded.
func (t *Tracer) result(k *task, r *Record) {
	switch r.Op {
	case Wait:
		if r.Call == "wait4" {
			if b := peek(k.tid, k.args[1], 4); r.N > 0 && len(b) == 4 {
				r.Status = binary.NativeEndian.Uint32(b)
			}
			return
		}
		b := peek(k.tid, k.args[2], 28) // siginfo_t: the number, an error, the code; the PID, the user, the status
		if len(b) == 28 {
			field := func(at int) uint32 { return binary.NativeEndian.Uint32(b[at:]) }
			r.N, r.Status = int64(field(16)), waitStatus(field(8), field(24))
		}
	case Open:
		r.FD = int(r.N)
	case Read:
		if r.N > 0 {
			r.Data = string(peek(k.tid, k.args[1], int(min(r.N, shown))))
		}
	}
}

// waitStatus makes of what waitid tells what wait4 would.
func waitStatus(code, status uint32) uint32 {
	const exited, killed, dumped, trapped, stopped, continued = 1, 2, 3, 4, 5, 6 // CLD_EXITED and so on, sigaction(2)
	switch code {
	case exited:
		return status << 8
	case killed:
		return status
	case dumped:
		return status | 0x80
	case trapped, stopped:
		return status<<8 | 0x7f
	case continued:
		return 0xffff
	}
	return 0
}

// path makes a path absolute, as the process sees it.
func (t *Tracer) path(k *task, dir, addr uint64) string {
	p := text(k.tid, addr)
	if p == "" || filepath.IsAbs(p) {
		return filepath.Clean(p)
	}
	from := fmt.Sprintf("/proc/%d/cwd", k.tid)
	if int32(dir) != unix.AT_FDCWD {
		from = fmt.Sprintf("/proc/%d/fd/%d", k.tid, int32(dir))
	}
	base, _ := os.Readlink(from)
	return filepath.Join(base, p)
}

// below tells the scenario's own files from the rest of the machine's, and from what the engine put there: the folder
// .bin, and files for the output, such as .parent.stdout.
func (t *Tracer) below(path string) bool {
	rest, ok := strings.CutPrefix(path, t.Dir+"/")
	if !ok || !strings.HasPrefix(rest, ".") {
		return ok
	}
	return rest != ".bin" && !strings.HasPrefix(rest, ".bin/") && !strings.HasSuffix(rest, ".stdout") && !strings.HasSuffix(rest, ".stderr")
}

// Channel tells what connects processes, a pipe or a socket, from files.
func Channel(path string) bool {
	return strings.HasPrefix(path, "pipe:") || strings.HasPrefix(path, "socket:")
}

// descriptor is the file behind a descriptor, by the name that it had when it was removed.
func descriptor(tid, fd int) string {
	to, _ := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", tid, fd))
	return strings.TrimSuffix(to, " (deleted)")
}

// Pidfd gives the process that a thread's pidfd stands for: Gone when somebody has waited for that, 0 when it is not known.
func Pidfd(tid, fd int) (pid int) {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/fdinfo/%d", tid, fd))
	if _, rest, ok := strings.Cut(string(b), "Pid:"); ok {
		fmt.Sscan(rest, &pid)
	}
	if pid == -1 { // pidfd_open(2)
		return Gone
	}
	return pid
}
