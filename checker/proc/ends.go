package proc

import (
	"fmt"
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
}

// Ends gives the descriptors of a process, and what each can do.
func (fs *FS) Ends(pid int) (ends []End) {
	for fd, to := range fs.Descriptors(pid) {
		b, _ := fs.once(fmt.Sprintf("%d/fdinfo/%d", pid, fd))
		_, rest, _ := strings.Cut(string(b), "flags:")
		var flags uint64
		fmt.Sscanf(rest, "%o", &flags)
		access := flags & unix.O_ACCMODE
		ends = append(ends, End{fd, to, access != unix.O_WRONLY, access != unix.O_RDONLY})
	}
	return ends
}

// Blocked is a process that waits for a lock, and who holds it.
type Blocked struct{ PID, Holder int }

// Locks gives who waits for whom at the locks of files (flock(2), fcntl(2)), as in proc_locks(5): the line of the holder, and
// below it those that wait, with an arrow. An OFD lock belongs to no process: its holder is -1.
func (fs *FS) Locks() (all []Blocked) {
	b, _ := fs.once("locks")
	holder := map[string]int{}
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		if len(f) > 1 && f[1] == "->" {
			if pid, err := strconv.Atoi(field(f, 5)); err == nil {
				all = append(all, Blocked{pid, holder[f[0]]})
			}
		} else if pid, err := strconv.Atoi(field(f, 4)); err == nil {
			holder[f[0]] = pid
		}
	}
	return all
}

func field(f []string, i int) string {
	if i < len(f) {
		return f[i]
	}
	return ""
}
