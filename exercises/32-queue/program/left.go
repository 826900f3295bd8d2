package program

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// descriptors counts what this process has open. The Go runtime's poller is open by then: it comes with the first pipe.
func descriptors() int {
	r, w, err := os.Pipe()
	must(err)
	r.Close()
	w.Close()
	n := 0
	for fd := range 1024 {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil {
			n++
		}
	}
	return n
}

// notes is the file in which the users of a queue note what would be left if they were killed now.
const notes = ".kit/notes"

// note adds the files that this process has open and that have a name in some folder.
func note() {
	must(os.MkdirAll(filepath.Dir(notes), 0o700))
	f, err := os.OpenFile(notes, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	must(err)
	links, _ := filepath.Glob("/proc/self/fd/*")
	for _, link := range links {
		if to, err := os.Readlink(link); err == nil {
			fmt.Fprintln(f, to)
		}
	}
	must(f.Close())
}

// left names a file that has been left behind, and takes it away: one that was noted and still has its name, or any in
// this folder, which is the temporary one too.
func left() string {
	noted, err := os.ReadFile(notes)
	must(err)
	for path := range strings.Lines(string(noted)) {
		path = strings.TrimSuffix(path, "\n")
		if !filepath.IsAbs(path) || kits(path) {
			continue
		}
		if info, err := os.Lstat(path); err == nil && info.Mode()&os.ModeCharDevice == 0 {
			os.Remove(path)
			return path
		}
	}
	here, err := os.ReadDir(".")
	must(err)
	for _, entry := range here {
		if !kits(entry.Name()) {
			return entry.Name()
		}
	}
	return "nothing"
}

// kits: the file is the kit's own, or the kernel's.
func kits(path string) bool {
	return slices.Contains([]string{".kit", ".bin", ".tmp"}, filepath.Base(path)) || strings.HasPrefix(path, "/sys/") ||
		strings.HasPrefix(path, "/proc/") || strings.HasSuffix(path, ".stdout") || strings.HasSuffix(path, ".stderr") ||
		strings.Contains(path, "/.kit/")
}

// limitFiles makes writes to a file beyond this size fail with EFBIG, or end the process by SIGXFSZ, as that signal is set
// (setrlimit(2)); -1 ends that.
func limitFiles(size int) {
	var limit unix.Rlimit
	must(unix.Getrlimit(unix.RLIMIT_FSIZE, &limit))
	limit.Cur = limit.Max
	if size >= 0 {
		limit.Cur = uint64(size)
	}
	must(unix.Setrlimit(unix.RLIMIT_FSIZE, &limit))
}

// defaultAction takes the Go runtime's handler off a signal, so that the signal ends the process at once (signal(7)).
func defaultAction(sig syscall.Signal) {
	var byDefault struct{ handler, flags, restorer, mask uint64 }
	_, _, errno := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(&byDefault)), 0, 8, 0, 0)
	if errno != 0 {
		must(errno)
	}
}

// doze leaves a thread in a sleep that never ends. Beside it the Go runtime takes no wait inside the process for a deadlock,
// and the scenario says what is wrong.
func doze() {
	var pipe [2]int
	must(syscall.Pipe2(pipe[:], syscall.O_CLOEXEC))
	go syscall.Read(pipe[0], make([]byte, 1))
}
