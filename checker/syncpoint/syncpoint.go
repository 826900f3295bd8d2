// Package syncpoint lets the program of an exercise tell a scenario how far it has come, and be held there.
//
// Programs import it; the checker listens. Everything is found through /proc/thread-self/exe, so that an empty
// environment, another working directory and closed descriptors in a child change nothing. The calls are raw
// and blocking, so that the Go runtime's poller, its threads and its descriptors stay out of the picture; and they are
// calls that the tracer does not stop (openat2, readv, writev, close_range), so that a timeline shows the program's own only.
package syncpoint

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	// Socket is the name of the checker's socket, in the folder of the running executable.
	Socket = ".sync"
	// Work is a link beside it to the folder that the scenario plays in, for programs that have lost their directory.
	Work = "work"
	// MaxMessage is the longest message, in bytes; what Say is given beyond it is cut.
	MaxMessage = 32 << 10
	// Lost is the exit status of a program whose checker went away while it was held.
	Lost = 125
)

// Role is the name under which a process appears in a scenario.
type Role string

// Asked is the role named by the program's first argument, "" without one.
func Asked() Role {
	if len(os.Args) < 2 {
		return ""
	}
	return Role(os.Args[1])
}

// Reach announces that this process has come to the point, and returns when the scenario lets it go on:
// at once, unless the scenario holds it there. Without a checker (the program was started by hand) it
// returns at once. When the checker goes away meanwhile, the process ends with status 125.
func (r Role) Reach(point string) {
	r.exchange(func(fd int) Message { return Message{Kind: Point, Role: r, Key: point, Value: fmt.Sprint(fd)} })
}

// Say tells the scenario an answer, such as the PID that the learner's function returned, and returns when
// it is noted. A later answer under the same key replaces the earlier one. Without a checker it does nothing.
func (r Role) Say(key string, value any) {
	r.exchange(func(int) Message { return Message{Kind: Answer, Role: r, Key: key, Value: fmt.Sprint(value)} })
}

// calls numbers this process's calls.
var calls atomic.Int64

// Call tells the scenario that an operation begins on an object that several processes share, such as "put 7" on a queue.
// What it returns tells that the operation has come back, and with what result. Both return when that is noted, so
// that what was there first is noted first. Neither is held. Without a checker they do nothing.
func (r Role) Call(object, operation string) (returned func(result any)) {
	n := calls.Add(1)
	note := func(kind Kind, text any) {
		r.exchange(func(int) Message {
			return Message{Kind: kind, Role: r, Key: object, Value: fmt.Sprintf("%d %v", n, text)}
		})
	}
	note(Call, operation)
	return func(result any) { note(Return, result) }
}

// Interrupt keeps this goroutine on its thread from here on, and comes to the point in another one: once that is released,
// a signal (SIGURG, which the Go runtime handles) interrupts whatever the thread does then. It is queued, which tells it from
// those by which the runtime interrupts its own threads. It does that to a goroutine that has been running for 10 ms, and
// the time in system calls that have come back counts: the caller begins anew here.
func (r Role) Interrupt(point string) {
	runtime.LockOSThread()
	thread := unix.Gettid()
	go func() {
		r.Reach(point)
		info := queued{signo: int32(unix.SIGURG), code: siQueue, pid: int32(os.Getpid()), uid: uint32(os.Getuid())}
		_, _, errno := unix.Syscall6(unix.SYS_RT_TGSIGQUEUEINFO, uintptr(os.Getpid()), uintptr(thread), uintptr(unix.SIGURG), uintptr(unsafe.Pointer(&info)), 0, 0)
		if errno != 0 {
			unix.Tgkill(os.Getpid(), thread, unix.SIGURG)
		}
	}()
	runtime.Gosched()
}

const siQueue = -1 // sigaction(2)

// queued is the siginfo_t of a queued signal, rt_sigqueueinfo(2).
type queued struct {
	signo, errno, code, _ int32
	pid                   int32
	uid                   uint32
	_                     [104]byte
}

func (r Role) exchange(message func(fd int) Message) {
	fd := dial()
	if fd < 0 {
		return
	}
	defer shut(fd)
	m := message(fd).Encode()
	if retry(func() (int, error) { return unix.Writev(fd, [][]byte{m}) }) != len(m) {
		os.Exit(Lost)
	}
	// On a socket that keeps messages apart, end of file counts only the second time. The kernel looks first for a message
	// and then whether the other end is closed: when both come between the two looks, it says end of file, and the message
	// is there (__skb_wait_for_more_packets in net/core/datagram.c).
	for range 2 {
		if n := retry(func() (int, error) { return unix.Readv(fd, [][]byte{make([]byte, 1)}) }); n == 1 {
			return
		}
	}
	os.Exit(Lost)
}

// Kind tells what a message is.
type Kind string

const (
	Point  Kind = "point"  // Key is the point, Value the number of the descriptor that carries the message
	Answer Kind = "answer" // Key and Value are what was said
	Call   Kind = "call"   // Key is the object, Value the number of the call and the operation
	Return Kind = "return" // Key is the object, Value the number of the call and the result
)

// Message is what a program tells the checker; one byte comes back when it may go on.
type Message struct {
	Kind       Kind
	Role       Role
	Key, Value string
}

// Encode gives the message's bytes, cut to MaxMessage.
func (m Message) Encode() []byte {
	b := []byte(string(m.Kind) + "\x00" + string(m.Role) + "\x00" + m.Key + "\x00" + m.Value)
	return b[:min(len(b), MaxMessage)]
}

// Decode reads a message; ok is false when the bytes are none.
func Decode(b []byte) (m Message, ok bool) {
	f := strings.SplitN(string(b), "\x00", 4)
	if len(f) != 4 || !slices.Contains([]Kind{Point, Answer, Call, Return}, Kind(f[0])) || f[1] == "" || f[2] == "" {
		return m, false
	}
	return Message{Kind(f[0]), Role(f[1]), f[2], f[3]}, true
}

func dial() int {
	// One thread all along: a program may have given threads descriptors of their own (CLONE_FILES, clone(2)).
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	exe, err := os.Readlink("/proc/thread-self/exe")
	if err != nil {
		return -1
	}
	const folder = unix.O_PATH | unix.O_DIRECTORY | unix.O_CLOEXEC
	dir, err := unix.Openat2(unix.AT_FDCWD, filepath.Dir(exe), &unix.OpenHow{Flags: folder})
	if err != nil { // Docker before 20.10 refuses it
		dir, err = unix.Open(filepath.Dir(exe), folder, 0)
	}
	if err != nil {
		return -1
	}
	defer shut(dir)
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1
	}
	// The path of a Unix socket has at most 107 bytes (unix(7)); through the descriptor it is always short.
	at := &unix.SockaddrUnix{Name: fmt.Sprintf("/proc/thread-self/fd/%d/%s", dir, Socket)}
	if retry(func() (int, error) { return 0, unix.Connect(fd, at) }) < 0 {
		shut(fd)
		return -1
	}
	return fd
}

func shut(fd int) {
	if unix.CloseRange(uint(fd), uint(fd), 0) != nil {
		unix.Close(fd)
	}
}

func retry(call func() (int, error)) int {
	for {
		n, err := call()
		if err == nil {
			return n
		}
		if err != unix.EINTR {
			return -1
		}
	}
}
