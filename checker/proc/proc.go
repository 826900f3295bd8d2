// Package proc reads, from outside, what the processes of a scenario are doing.
//
// It reads /proc by hand: a look at every thread must take well under a millisecond, has to go through the
// /proc of another namespace, and depends on the order in which the fields of one file are read.
package proc

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// FS is one mounted /proc, kept open: another namespace's, or this one's. It is used by one goroutine.
type FS struct {
	dir   int
	root  int // only this process and its descendants count; 0: everything the mount shows
	files files
	known map[int][]int // the threads of each process, as last listed
	mover mover
	brief int // looks in a row that ended with the first thread that moves

	asleep    map[int]Task   // by TID: those that were asleep when their call was last read
	timerless map[int][]Task // by PID: the threads, when the process was last seen to have no timer
}

// Open opens a mounted /proc. With root, only root and its descendants are seen.
func Open(path string, root int) (*FS, error) {
	dir, err := unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return &FS{dir: dir, root: root, files: files{dir: dir, open: map[string]*file{}}, known: map[int][]int{}, asleep: map[int]Task{}, timerless: map[int][]Task{}}, nil
}

// Close gives the mount free.
func (fs *FS) Close() {
	if fs != nil {
		fs.files.close()
		unix.Close(fs.dir)
	}
}

// Stat is what proc_pid_stat(5) says of a process.
type Stat struct {
	Name    string
	State   byte
	Parent  int
	Group   int
	Session int
	CPU     time.Duration
	Threads int
	Memory  int // resident, in pages, what it shares with others too
}

// Stat reads a process's state; ok is false when there is no such process.
func (fs *FS) Stat(pid int) (st Stat, ok bool) {
	b, err := fs.files.read(strconv.Itoa(pid) + "/stat")
	if err != nil {
		return st, false
	}
	// The name may hold spaces, brackets and newlines: it ends at the last bracket.
	i, j := bytes.IndexByte(b, '('), bytes.LastIndexByte(b, ')')
	if i < 0 || j < i {
		return st, false
	}
	f := strings.Fields(string(b[j+1:]))
	if len(f) < 22 {
		return st, false
	}
	number := func(i int) int { n, _ := strconv.Atoi(f[i]); return n }
	return Stat{
		Name: string(b[i+1 : j]), State: f[0][0], Parent: number(1), Group: number(2), Session: number(3),
		CPU:     time.Duration(number(11)+number(12)) * 10 * time.Millisecond, // USER_HZ is 100 wherever Go runs
		Threads: number(17),
		Memory:  number(21),
	}, true
}

// Processes lists the scenario's processes with their state, the supervisor included.
func (fs *FS) Processes() map[int]Stat {
	all := map[int]Stat{}
	for _, pid := range fs.files.numbers(".", true) {
		if st, ok := fs.Stat(pid); ok {
			all[pid] = st
		}
	}
	if fs.root == 0 {
		return all
	}
	below := map[int]Stat{}
	for pid, st := range all {
		up := pid
		for range len(all) {
			if up == fs.root || up <= 1 {
				break
			}
			up = all[up].Parent
		}
		if up == fs.root {
			below[pid] = st
		}
	}
	return below
}

// Descendants gives the PIDs below one, zombies included.
func Descendants(all map[int]Stat, of int) (pids []int) {
	for pid := range all {
		up := all[pid].Parent
		for range len(all) {
			if up == of || up == 0 {
				break
			}
			up = all[up].Parent
		}
		if up == of && pid != of {
			pids = append(pids, pid)
		}
	}
	return pids
}

// Descriptors gives what each open descriptor of a process points to, as in proc_pid_fd(5).
func (fs *FS) Descriptors(pid int) map[int]string {
	open := map[int]string{}
	for _, n := range fs.files.numbers(fmt.Sprintf("%d/fd", pid), false) {
		if to, ok := fs.link(fmt.Sprintf("%d/fd/%d", pid, n)); ok {
			open[n] = to
		}
	}
	return open
}

// Nameless adds the files without a name that a process has open, by inode, in bytes: those that are memory (memfd_create(2),
// and what was in /dev/shm), and those that have been removed from a disk.
func (fs *FS) Nameless(pid int, memory, disk map[uint64]int64) {
	for n, to := range fs.Descriptors(pid) {
		if !strings.HasSuffix(to, " (deleted)") {
			continue
		}
		var st unix.Stat_t
		if unix.Fstatat(fs.dir, fmt.Sprintf("%d/fd/%d", pid, n), &st, 0) != nil || st.Mode&unix.S_IFMT != unix.S_IFREG {
			continue
		}
		all := disk
		if strings.HasPrefix(to, "/memfd:") || strings.HasPrefix(to, "/dev/shm/") {
			all = memory
		}
		all[st.Ino] = st.Blocks * 512
	}
}

// Command is the name that a process was run by: the last part of its first argument. "" where there is none.
func (fs *FS) Command(pid int) string {
	name := fs.Arguments(pid)[0]
	return name[strings.LastIndexByte(name, '/')+1:]
}

// Arguments are those that a process was run with, and its name first; where there are none, that is "".
func (fs *FS) Arguments(pid int) []string {
	b, _ := fs.once(fmt.Sprintf("%d/cmdline", pid))
	return strings.Split(strings.TrimSuffix(string(b), "\x00"), "\x00")
}

// Thread reports whether a process has a thread with this number.
func (fs *FS) Thread(pid, tid int) bool {
	_, err := fs.once(fmt.Sprintf("%d/task/%d/comm", pid, tid))
	return err == nil
}

// Executable gives the path of the program that a process runs, as in proc_pid_exe(5); ok is false when it has
// ended, or there is none.
func (fs *FS) Executable(pid int) (path string, ok bool) {
	return fs.link(fmt.Sprintf("%d/exe", pid))
}

// Waited is how long a process's threads were runnable and had to wait for a CPU; ok is false where the
// kernel does not count it (proc_pid_schedstat).
func (fs *FS) Waited(pid int) (d time.Duration, ok bool) {
	for _, tid := range fs.list(pid) {
		if _, waited, counted := fs.schedstat(pid, tid); counted {
			d, ok = d+waited, true
		}
	}
	return d, ok
}

// Ran is how long a thread has been on a CPU; ok is false where it has ended, or the kernel does not count it.
func (fs *FS) Ran(pid, tid int) (d time.Duration, ok bool) {
	d, _, ok = fs.schedstat(pid, tid)
	return d, ok
}

func (fs *FS) schedstat(pid, tid int) (ran, waited time.Duration, ok bool) {
	b, err := fs.once(fmt.Sprintf("%d/task/%d/schedstat", pid, tid))
	f := strings.Fields(string(b))
	if err != nil || len(f) < 2 {
		return 0, 0, false
	}
	on, _ := strconv.ParseInt(f[0], 10, 64)
	off, _ := strconv.ParseInt(f[1], 10, 64)
	return time.Duration(on), time.Duration(off), true
}

// Own is how much memory a process has of its own, in bytes: no file's, but what is shared and no file's counts.
func (fs *FS) Own(pid int) (bytes int) {
	return fs.sum(fmt.Sprintf("%d/status", pid), "RssAnon:", "RssShmem:") << 10
}

// Written is how much a process, and those that it has waited for, wrote to a disk, in bytes (proc_pid_io(5)).
func (fs *FS) Written(pid int) (bytes int) { return fs.sum(fmt.Sprintf("%d/io", pid), "write_bytes:") }

// sum adds the numbers of these lines of a file.
func (fs *FS) sum(name string, lines ...string) (n int) {
	b, err := fs.once(name)
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		for _, begin := range lines {
			if rest, ok := strings.CutPrefix(line, begin); ok {
				m, _ := strconv.Atoi(strings.Fields(rest + " 0")[0])
				n += m
			}
		}
	}
	return n
}

// InnerPID gives the number by which the process with this PID in our namespace is known so many PID namespaces below ours,
// or, where it is in none of them, by which it knows itself; 0 when there is no such process.
func InnerPID(pid, below int) int {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(b) {
		if rest, ok := bytes.CutPrefix(line, []byte("NSpid:")); ok {
			f := strings.Fields(string(rest))
			n, _ := strconv.Atoi(f[min(below, len(f)-1)])
			return n
		}
	}
	return pid
}

// once reads a file that is not kept open; the bytes are good until the next read.
func (fs *FS) once(name string) ([]byte, error) { return fs.files.readOnce(name) }

func (fs *FS) link(name string) (string, bool) {
	var buf [4096]byte
	n, err := unix.Readlinkat(fs.dir, name, buf[:])
	if err != nil {
		return "", false
	}
	return string(buf[:n]), true
}

// timespec reads a timeout out of another process's memory, by the thread that sleeps: the main thread has none any
// more when it alone has ended. ok is false when that is not allowed.
func (fs *FS) timespec(pid, tid int, addr uint64, micros bool) (d time.Duration, ok bool) {
	fd, err := fs.files.openat(fmt.Sprintf("%d/task/%d/mem", pid, tid))
	if err != nil {
		return 0, false
	}
	defer unix.Close(fd)
	var b [16]byte
	if n, err := unix.Pread(fd, b[:], int64(addr)); n != 16 || err != nil {
		return 0, false
	}
	sec, nsec := binary.NativeEndian.Uint64(b[:8]), binary.NativeEndian.Uint64(b[8:])
	if micros {
		nsec *= 1000
	}
	return time.Duration(sec)*time.Second + time.Duration(nsec), true
}
