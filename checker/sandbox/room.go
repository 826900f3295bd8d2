package sandbox

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"forklings/checker/cgroup"
	"forklings/checker/lang"

	"golang.org/x/sys/unix"
)

// Room is what limits of the user's, or of a container's, leave. Where it is small, a program is refused a process or a file, and
// its learner would be blamed for that.
type Room struct {
	Threads int // that this user may start beside those that are there; a process is at least one. math.MaxInt: no limit
	Files   int // that one process may have open
}

// What scenarios take. All solutions pass with 300 threads and 1024 files in four scenarios at once; alone, the largest scenario has
// some 180 threads, and one program opens some 1000 files.
const (
	fewestThreads = 200
	moreThreads   = 75
	fewestFiles   = 1024
	moreFiles     = 256
)

// Jobs is how many scenarios may play at once, at least 1 and at most this many. The error says what is too little for one.
func (r Room) Jobs(most int) (int, error) {
	if r.Threads < fewestThreads {
		return 0, lang.Errorf("this user may start %d more processes and threads, and a scenario takes up to %d: end some, or raise the limit (ulimit -u; of a container, its limit of PIDs)", max(0, r.Threads), fewestThreads)
	}
	if r.Files < fewestFiles {
		return 0, lang.Errorf("a process may have %d files open here, and a scenario takes up to %d: raise the limit (ulimit -Hn)", r.Files, fewestFiles)
	}
	return max(1, min(most, 1+(r.Threads-fewestThreads)/moreThreads, r.Files/moreFiles)), nil
}

// Left finds out how much room there is now.
func Left() Room {
	r := Room{Threads: cgroup.Threads(), Files: math.MaxInt}
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) == nil && limit.Max < math.MaxInt {
		r.Files = int(limit.Max)
	}
	if most := 1 << 15; unix.Getrlimit(unix.RLIMIT_NPROC, &limit) == nil && limit.Cur < uint64(most) && !exempt() {
		r.Threads = min(r.Threads, int(limit.Cur)-threads("/proc", os.Getuid()))
	}
	return r
}

// exempt: the limit of processes does not bind the machine's root (setrlimit(2)), only that of a user namespace.
func exempt() bool {
	b, _ := os.ReadFile("/proc/self/uid_map")
	return os.Getuid() == 0 && strings.Join(strings.Fields(string(b)), " ") == "0 0 4294967295"
}

// threads counts a user's threads.
func threads(proc string, uid int) (n int) {
	all, _ := filepath.Glob(filepath.Join(proc, "[0-9]*", "status"))
	for _, file := range all {
		b, _ := os.ReadFile(file)
		if field(b, "Uid:") == strconv.Itoa(uid) {
			own, _ := strconv.Atoi(field(b, "Threads:"))
			n += own
		}
	}
	return n
}

// field is the first word after a name in proc_pid_status(5).
func field(status []byte, name string) string {
	for line := range bytes.Lines(status) {
		if f := bytes.Fields(line); len(f) > 1 && string(f[0]) == name {
			return string(f[1])
		}
	}
	return ""
}
