// Gives the files their numbers one after the other, so that one is gone before it has its own.

package inheritance

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"
)

type Options struct {
	Args  []string
	Env   []string
	Dir   string
	Stdin *os.File
	Files []*os.File
}

func Start(o Options) (*os.Process, error) {
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return nil, err
	}
	env := o.Env
	if env == nil {
		env = syscall.Environ()
	}
	var fds []uintptr
	for _, f := range o.Files {
		c, err := f.SyscallConn()
		if err != nil {
			return nil, err
		}
		if err := c.Control(func(fd uintptr) { fds = append(fds, fd) }); err != nil {
			return nil, err
		}
	}
	stdin := -1
	if o.Stdin != nil {
		stdin = int(o.Stdin.Fd())
	}
	type result struct {
		pid int
		err error
	}
	results := make(chan result)
	var start func()
	start = func() {
		runtime.LockOSThread()
		if unix.Gettid() == unix.Getpid() { // the first thread never ends, and /proc shows its descriptors
			wait := make(chan bool)
			go func() { defer close(wait); start() }()
			<-wait
			runtime.UnlockOSThread()
			return
		}
		pid, err := func() (int, error) {
			if err := unix.Unshare(unix.CLONE_FILES); err != nil {
				return 0, err
			}
			in := stdin
			if in < 0 {
				var err error
				if in, err = unix.Open("/dev/null", unix.O_RDONLY|unix.O_CLOEXEC, 0); err != nil {
					return 0, err
				}
			}
			keep := append(slices.Clone(fds), uintptr(in), 0, 1, 2)
			slices.Sort(keep)
			from := uint(0)
			for _, fd := range keep {
				if uint(fd) > from {
					unix.CloseRange(from, uint(fd)-1, 0)
				}
				from = uint(fd) + 1
			}
			unix.CloseRange(from, math.MaxUint32, 0)
			unix.CloseRange(3, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC)
			files := []uintptr{uintptr(in), 1, 2}
			for i, fd := range fds {
				if int(fd) != 3+i {
					unix.Dup3(int(fd), 3+i, unix.O_CLOEXEC)
				}
				files = append(files, uintptr(3+i))
			}
			return syscall.ForkExec(exe, append([]string{exe}, o.Args...), &syscall.ProcAttr{
				Dir: o.Dir, Env: env, Files: files})
		}()
		results <- result{pid, err}
	}
	go start()
	r := <-results
	runtime.KeepAlive(o)
	if r.err != nil {
		return nil, fmt.Errorf("inheritance: %w", r.err)
	}
	return os.FindProcess(r.pid)
}
