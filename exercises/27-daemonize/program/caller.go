package program

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// process is what Start is to leave alone in its caller.
type process struct {
	folder      string
	session     int
	descriptors map[string]string
	environment []string
}

func ofProcess() process {
	p := process{folder(), session(), map[string]string{}, os.Environ()}
	entries, err := os.ReadDir("/proc/self/fd")
	must(err)
	for _, e := range entries {
		to, err := os.Readlink("/proc/self/fd/" + e.Name())
		if err != nil || strings.HasPrefix(to, "anon_inode:") || strings.HasPrefix(to, "pidfd:") || strings.HasPrefix(to, "/sys/fs/cgroup/") {
			continue // closed meanwhile, or the Go runtime's own
		}
		p.descriptors[e.Name()] = to + handedOn(e.Name())
	}
	return p
}

// handedOn tells whether the descriptor is handed on to programs that are run (FD_CLOEXEC in fcntl(2)).
func handedOn(fd string) string {
	var n int
	fmt.Sscan(fd, &n)
	if flags, err := unix.FcntlInt(uintptr(n), unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC != 0 {
		return ""
	}
	return ", handed on"
}

// unlike names what is another than in q, or nothing.
func (p process) unlike(q process) string {
	switch {
	case p.folder != q.folder:
		return "its directory"
	case p.session != q.session:
		return "its session"
	case !maps.Equal(p.descriptors, q.descriptors):
		return "its descriptors"
	case !slices.Equal(p.environment, q.environment):
		return "its environment"
	}
	return "nothing"
}
