package supervisor

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Walls are what the programs may see and change of the file system.
type Walls struct {
	Work string   // the folder that they may do anything in
	Read []string // files and folders that they may read and run; what is not there is passed over
}

// Rights of Landlock, landlock(7).
const (
	reading = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR
	ofFiles = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE
	writing = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE
	every   = unix.LANDLOCK_ACCESS_FS_TRUNCATE<<1 - 1 // every right of the third version, the first that knows all that is needed here
)

// devices are those that programs have a use for. A process changes its own name, and the maps of a namespace that it makes, by
// files below /proc.
var devices = []string{"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/ptmx", "/dev/pts", "/proc"}

// sharedMemory is where POSIX puts files that are memory. In a mount namespace there is one of our own; elsewhere it is
// everybody's, but programs about shared memory need it.
const sharedMemory = "/dev/shm"

// domain puts this thread, and all that it forks, into a Landlock domain: of files it has what the walls leave it, and it
// cannot trace, or read the memory of, whoever is outside. scoped is what else stays inside: signals, abstract sockets.
func domain(w *Walls, scoped uint64) error {
	attr := struct{ fs, net, scoped uint64 }{scoped: scoped}
	if w != nil {
		version, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
		if errno != 0 {
			return errno
		}
		if version < 3 {
			return errors.New("this Landlock does not know truncate(2) yet")
		}
		attr.fs = every
	}
	n, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr), 0)
	if errno != 0 {
		return errno
	}
	ruleset := int(n)
	defer unix.Close(ruleset)
	if w != nil {
		if err := w.rules(ruleset); err != nil {
			return err
		}
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, uintptr(ruleset), 0, 0); errno != 0 {
		return errno
	}
	return nil
}

func (w *Walls) rules(ruleset int) error {
	if err := beneath(ruleset, w.Work, every); err != nil {
		return err
	}
	if err := beneath(ruleset, sharedMemory, every); err != nil && !errors.Is(err, unix.ENOENT) {
		return err
	}
	for _, path := range devices {
		if err := beneath(ruleset, path, writing); err != nil && !errors.Is(err, unix.ENOENT) {
			return err
		}
	}
	for _, path := range append(w.Read, "/proc/self/exe") { // the launcher of what is traced
		if err := beneath(ruleset, path, reading); err != nil && !errors.Is(err, unix.ENOENT) && !errors.Is(err, unix.EACCES) {
			return err
		}
	}
	return nil
}

// beneath gives rights to a file, or to all that is in a folder.
func beneath(ruleset int, path string, rights uint64) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return fmt.Errorf("stat %s: %w", path, err)
	}
	if st.Mode&unix.S_IFMT != unix.S_IFDIR {
		rights &= ofFiles
	}
	var rule [12]byte // struct landlock_path_beneath_attr is packed
	binary.NativeEndian.PutUint64(rule[:], rights)
	binary.NativeEndian.PutUint32(rule[8:], uint32(fd))
	if _, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(ruleset), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&rule)), 0, 0, 0); errno != 0 {
		return fmt.Errorf("landlock_add_rule %s: %w", path, errno)
	}
	return nil
}

// Of /dev/shm, in bytes and files.
const shmOptions = "size=67108864,nr_inodes=1000,mode=1777"

// mount makes all mounts but the working folder read-only, against changes that Landlock does not know: of modes, owners,
// times and attributes. /proc was mounted before, and stays as it is. done is false where that cannot be had, as before Linux 5.12.
func (w *Walls) mount() (done bool, err error) {
	if err := unix.Mount(w.Work, w.Work, "", unix.MS_BIND, ""); err != nil {
		return false, nil
	}
	if setMount("/", unix.AT_RECURSIVE, unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY}) != nil {
		return false, nil
	}
	for _, path := range []string{w.Work, "/proc"} {
		if err := setMount(path, 0, unix.MountAttr{Attr_clr: unix.MOUNT_ATTR_RDONLY}); err != nil {
			return false, err
		}
	}
	unix.Mount("shm", sharedMemory, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, shmOptions) // without, it stays read-only
	return true, nil
}

// sealProc makes what belongs to the whole machine read-only: below /proc, root may change it without any capability.
func sealProc() error {
	for _, path := range []string{"/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus"} {
		if err := unix.Mount(path, path, "", unix.MS_BIND|unix.MS_REC, ""); err == unix.ENOENT {
			continue
		} else if err != nil {
			return fmt.Errorf("bind %s: %w", path, err)
		}
		if err := unix.Mount("", path, "", unix.MS_REMOUNT|unix.MS_BIND|unix.MS_RDONLY|unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
			return fmt.Errorf("make %s read-only: %w", path, err)
		}
	}
	return nil
}

func setMount(path string, flags uint, attr unix.MountAttr) error {
	if err := unix.MountSetattr(unix.AT_FDCWD, path, flags, &attr); err != nil {
		return fmt.Errorf("mount_setattr %s: %w", path, err)
	}
	return nil
}
