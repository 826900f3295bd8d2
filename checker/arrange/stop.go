package arrange

import (
	"os"
	"path/filepath"
	"strconv"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Of <fcntl.h>; x/sys does not have them.
const (
	setSignal = 10   // F_SETSIG
	setOwner  = 15   // F_SETOWN_EX
	thread    = 0    // F_OWNER_TID
	notify    = 1026 // F_NOTIFY
)

// At which changes in a folder a process stops.
const (
	NextChange  = 0x2 | 0x4 | 0x8 | 0x10   // DN_MODIFY, DN_CREATE, DN_DELETE, DN_RENAME
	EveryChange = NextChange | 0x8000_0000 // DN_MULTISHOT
)

// StopAt has the kernel stop this process at the next change in the folder, or at every one. A change that this process
// makes itself stops it before the system call comes back, as the signal goes to the thread that makes it: so every
// thread gets one, and the caller keeps to its thread (runtime.LockOSThread).
//
// Where the kernel has no such thing the process stops here, once.
func StopAt(dir string, changes int) {
	threads, err := os.ReadDir("/proc/self/task")
	must(err)
	for _, task := range threads {
		id, err := strconv.Atoi(task.Name())
		must(err)
		if err := stopThreadAt(dir, changes, id); err != nil && err != unix.ESRCH { // that thread has ended
			unix.Tgkill(os.Getpid(), unix.Gettid(), unix.SIGSTOP)
			return
		}
	}
}

// stopThreadAt uses F_NOTIFY of fcntl(2), with SIGSTOP for its signal. The folder is open as long as the process lives.
func stopThreadAt(dir string, changes, id int) error {
	folder, err := unix.Open(untold(dir), unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	owner := struct{ kind, id int32 }{thread, int32(id)}
	if _, _, errno := unix.Syscall(unix.SYS_FCNTL, uintptr(folder), setOwner, uintptr(unsafe.Pointer(&owner))); errno != 0 {
		return errno
	}
	if _, err = unix.FcntlInt(uintptr(folder), setSignal, int(unix.SIGSTOP)); err == nil {
		_, err = unix.FcntlInt(uintptr(folder), notify, changes)
	}
	return err
}

// untold is a way to the folder by which a timeline does not tell that it was opened: the learner's code has not done that.
func untold(dir string) string {
	if filepath.IsAbs(dir) {
		return "/proc/self/root" + dir
	}
	return "/proc/self/cwd/" + dir
}
