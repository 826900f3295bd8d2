package supervisor

import (
	"fmt"

	"forklings/checker/landlock"

	"golang.org/x/sys/unix"
)

// Walls are what the programs may see and change of the file system.
type Walls struct {
	Work  string   // the folder that they may do anything in
	Disk  int64    // bytes, and
	Files int      // files that it holds, where it can be a file system of its own
	Read  []string // files and folders that they may read and run; what is not there is passed over
}

// devices are those that programs have a use for. A process changes its own name, and the maps of a namespace that it makes, by
// files below /proc.
var devices = []string{"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/ptmx", "/dev/pts", "/proc"}

// sharedMemory is where POSIX puts files that are memory. In a mount namespace there is one of our own; elsewhere it is
// everybody's, but programs about shared memory need it.
const sharedMemory = "/dev/shm"

// domain puts this thread, and all that it forks, into a Landlock domain: of files it has what the walls leave it, and it
// cannot trace, or read the memory of, whoever is outside. scoped is what else stays inside: signals, abstract sockets.
func domain(w *Walls, scoped uint64) error {
	d := landlock.Domain{Scoped: scoped}
	if w != nil {
		d.Files = w.rules()
	}
	return d.Enter()
}

func (w *Walls) rules() []landlock.Rule {
	rules := []landlock.Rule{{Path: w.Work, Rights: landlock.Every, Must: true}, {Path: sharedMemory, Rights: landlock.Every}}
	for _, path := range devices {
		rules = append(rules, landlock.Rule{Path: path, Rights: landlock.Write})
	}
	for _, path := range append(w.Read, "/proc/self/exe") { // the launcher of what is traced
		rules = append(rules, landlock.Rule{Path: path, Rights: landlock.Read})
	}
	return rules
}

// Of /dev/shm, in bytes and files.
const shmOptions = "size=67108864,nr_inodes=1000,mode=1777"

// mount makes all mounts but the working folder read-only, against changes that Landlock does not know: of modes, owners,
// times and attributes. /proc was mounted before, and stays as it is. done is false where that cannot be had, as before Linux 5.12.
//
// The working folder is a file system of its own, as large as it may be; sized is false where that cannot be had: it is the folder
// that was there then.
func (w *Walls) mount() (done, sized bool, err error) {
	options := fmt.Sprintf("size=%d,nr_inodes=%d,mode=0755", w.Disk, w.Files)
	if sized = unix.Mount("work", w.Work, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, options) == nil; !sized {
		if err := unix.Mount(w.Work, w.Work, "", unix.MS_BIND, ""); err != nil {
			return false, false, nil
		}
	}
	if setMount("/", unix.AT_RECURSIVE, unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY}) != nil {
		return false, sized, nil
	}
	for _, path := range []string{w.Work, "/proc"} {
		if err := setMount(path, 0, unix.MountAttr{Attr_clr: unix.MOUNT_ATTR_RDONLY}); err != nil {
			return false, sized, err
		}
	}
	unix.Mount("shm", sharedMemory, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, shmOptions) // without, it stays read-only
	return true, sized, nil
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
