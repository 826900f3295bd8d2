package proc

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// End is a descriptor of a process.
type End struct {
	FD     int
	To     string // as in /proc/PID/fd, such as pipe:[17]
	Reads  bool
	Writes bool
	Polled bool // it is one of those that an epoll descriptor of the process is about
	Locks  bool // a lock hangs on it, which also whoever has inherited it keeps: flock, and OFD locks of fcntl
}

// Ends gives the descriptors of a process, and what each can do.
func (fs *FS) Ends(pid int) (ends []End) {
	polled := map[int]bool{}
	for fd, to := range fs.Descriptors(pid) {
		b, _ := fs.once(fmt.Sprintf("%d/fdinfo/%d", pid, fd))
		_, rest, _ := strings.Cut(string(b), "flags:")
		var flags uint64
		fmt.Sscanf(rest, "%o", &flags)
		access := flags & unix.O_ACCMODE
		ends = append(ends, End{FD: fd, To: to, Reads: access != unix.O_WRONLY, Writes: access != unix.O_RDONLY, Locks: holdsLock(rest)})
		for line := range strings.Lines(rest) {
			var target int
			if n, _ := fmt.Sscanf(line, "tfd: %d", &target); n == 1 {
				polled[target] = true
			}
		}
	}
	for i := range ends {
		ends[i].Polled = polled[ends[i].FD]
	}
	return ends
}

// holdsLock looks for a lock that is held, in proc_pid_fdinfo(5).
func holdsLock(fdinfo string) bool {
	for line := range strings.Lines(fdinfo) {
		if strings.HasPrefix(line, "lock:") && !strings.Contains(line, "->") {
			return true
		}
	}
	return false
}

// Holders tells which process holds the lock of a file (flock(2), fcntl(2)) that each of these processes waits for, as in
// proc_locks(5). An OFD lock belongs to no process: its holder is -1.
func (fs *FS) Holders(waiters ...int) map[int]int {
	const looks = 20
	holders := map[int]int{}
	for range looks {
		// The file comes in pieces. Where others take or free a lock between two of them, an entry may be left out.
		b, err := fs.whole("locks")
		if err != nil {
			break
		}
		for waiter, holder := range blocked(string(b)) {
			holders[waiter] = holder
		}
		if !slices.ContainsFunc(waiters, func(pid int) bool { return holders[pid] == 0 }) {
			break
		}
	}
	return holders
}

// blocked reads proc_locks(5): the line of the holder, and below it those that wait, with an arrow.
func blocked(text string) map[int]int {
	waits, holder := map[int]int{}, map[string]int{}
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) > 1 && f[1] == "->" {
			if pid, err := strconv.Atoi(field(f, 5)); err == nil && holder[f[0]] != 0 {
				waits[pid] = holder[f[0]]
			}
		} else if pid, err := strconv.Atoi(field(f, 4)); err == nil {
			holder[f[0]] = pid
		}
	}
	return waits
}

// whole reads a file that may be longer than one read gives.
func (fs *FS) whole(name string) ([]byte, error) {
	fd, err := fs.files.openat(name)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), name)
	defer f.Close()
	return io.ReadAll(f)
}

func field(f []string, i int) string {
	if i < len(f) {
		return f[i]
	}
	return ""
}
