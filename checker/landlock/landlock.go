// Package landlock takes rights from a thread, and from all that it starts, landlock(7).
package landlock

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Domain is what a thread keeps.
type Domain struct {
	Files  []Rule // of files this and no more; nil: all
	NoTCP  bool   // of connections none over TCP, Linux 6.7
	Scoped uint64 // what reaches nobody outside: signals, abstract sockets, Linux 6.12
}

// Rule gives rights to a file, or to all that is in a folder. A path that is not there, or cannot be reached, is passed over, unless
// it has to be.
type Rule struct {
	Path   string
	Rights uint64
	Must   bool
}

// Rights of files.
const (
	Read  = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR
	Write = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE
	Every = unix.LANDLOCK_ACCESS_FS_TRUNCATE<<1 - 1 // of the third version, the first that knows all that is needed here

	ofFiles = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE
)

// Enter puts this thread, and all that it will start, into the domain. It also cannot trace, or read the memory of, whoever is
// outside then. The thread must not gain privileges (PR_SET_NO_NEW_PRIVS(2const)). With an error nothing has changed: this Linux
// does not know all of it.
func (d Domain) Enter() error {
	attr := struct{ fs, net, scoped uint64 }{scoped: d.Scoped}
	if d.Files != nil {
		version, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
		if errno != 0 {
			return errno
		}
		if version < 3 {
			return errors.New("this Landlock does not know truncate(2) yet")
		}
		attr.fs = Every
	}
	if d.NoTCP {
		attr.net = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
	}
	n, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr), 0)
	if errno != 0 {
		return errno
	}
	ruleset := int(n)
	defer unix.Close(ruleset)
	for _, r := range d.Files {
		if err := r.add(ruleset); err != nil && (r.Must || !errors.Is(err, unix.ENOENT) && !errors.Is(err, unix.EACCES)) {
			return err
		}
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, uintptr(ruleset), 0, 0); errno != 0 {
		return errno
	}
	return nil
}

func (r Rule) add(ruleset int) error {
	fd, err := unix.Open(r.Path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("open %s: %w", r.Path, err)
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return fmt.Errorf("stat %s: %w", r.Path, err)
	}
	rights := r.Rights
	if st.Mode&unix.S_IFMT != unix.S_IFDIR {
		rights &= ofFiles
	}
	var rule [12]byte // struct landlock_path_beneath_attr is packed
	binary.NativeEndian.PutUint64(rule[:], rights)
	binary.NativeEndian.PutUint32(rule[8:], uint32(fd))
	if _, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(ruleset), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&rule)), 0, 0, 0); errno != 0 {
		return fmt.Errorf("landlock_add_rule %s: %w", r.Path, errno)
	}
	return nil
}
