// A thread takes a copy of the descriptor table (unshare(2)), sets close-on-exec in there, and forks.
package inheritance

import (
	"os"
	"runtime"
	"strconv"
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
	null, err := os.Open(os.DevNull)
	if err != nil {
		return nil, err
	}
	defer null.Close()
	if o.Stdin == nil {
		o.Stdin = null
	}
	var pid int
	done := make(chan bool)
	var run func()
	run = func() {
		runtime.LockOSThread() // never unlocked: the thread ends with its table
		if unix.Gettid() == unix.Getpid() {
			go run() // not the first thread, which lives on
			<-done
			runtime.UnlockOSThread()
			return
		}
		pid, err = start(o)
		close(done)
	}
	go run()
	<-done
	if err != nil {
		return nil, err
	}
	return os.FindProcess(pid) // opens a descriptor, which belongs into the table of all
}

func start(o Options) (int, error) {
	exe, err := os.Executable()
	if err != nil {
		return 0, err
	}
	env := o.Env
	if env == nil {
		env = os.Environ()
	}
	numbers := []uintptr{o.Stdin.Fd(), 1, 2}
	for _, f := range o.Files {
		numbers = append(numbers, f.Fd())
	}
	if err := unix.Unshare(unix.CLONE_FILES); err != nil {
		return 0, err
	}
	open, err := os.ReadDir("/proc/thread-self/fd")
	if err != nil {
		return 0, err
	}
	for _, entry := range open {
		if fd, _ := strconv.Atoi(entry.Name()); fd > 2 {
			unix.CloseOnExec(fd)
		}
	}
	return syscall.ForkExec(exe, append([]string{exe}, o.Args...), &syscall.ProcAttr{Dir: o.Dir, Env: env, Files: numbers})
}
