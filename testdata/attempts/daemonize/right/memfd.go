// Hands the task on in a memfd, is told by a pair of sockets, and learns from a POSIX lock beside who the daemon is.

package daemonize

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

type task struct {
	Path  string
	Args  []string
	Stage int
}

const taskFD, replyFD = 3, 4

func taskFile(t task) (int, error) {
	fd, err := unix.MemfdCreate("forklings-daemonize-task", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return -1, err
	}
	text, _ := json.Marshal(t)
	for len(text) > 0 {
		n, err := unix.Write(fd, text)
		if err != nil {
			unix.Close(fd)
			return -1, err
		}
		text = text[n:]
	}
	unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, unix.F_SEAL_WRITE|unix.F_SEAL_SEAL)
	return fd, nil
}

func spawn(t task, reply int) (int, error) {
	null, err := unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return 0, err
	}
	defer unix.Close(null)
	fd, err := taskFile(t)
	if err != nil {
		return 0, err
	}
	defer unix.Close(fd)
	return syscall.ForkExec("/proc/self/exe", []string{os.Args[0]}, &syscall.ProcAttr{
		Dir:   "/",
		Env:   os.Environ(),
		Files: []uintptr{uintptr(null), uintptr(null), uintptr(null), uintptr(fd), uintptr(reply)},
		Sys:   &syscall.SysProcAttr{Setsid: t.Stage == 1},
	})
}

func readTask() (task, bool) {
	var t task
	name, err := os.Readlink("/proc/self/fd/3")
	if err != nil || !strings.HasPrefix(name, "/memfd:forklings-daemonize-task") {
		return t, false
	}
	seals, err := unix.FcntlInt(taskFD, unix.F_GET_SEALS, 0)
	if err != nil || seals&unix.F_SEAL_WRITE == 0 {
		return t, false
	}
	var st unix.Stat_t
	if unix.Fstat(taskFD, &st) != nil {
		return t, false
	}
	text := make([]byte, st.Size)
	n, err := unix.Pread(taskFD, text, 0)
	if err != nil || json.Unmarshal(text[:n], &t) != nil {
		return t, false
	}
	return t, true
}

func Guard(service func(args []string)) {
	t, is := readTask()
	if !is {
		return
	}
	unix.CloseRange(5, ^uint(0), unix.CLOSE_RANGE_CLOEXEC)
	unix.CloseOnExec(taskFD)
	unix.CloseOnExec(replyFD)
	say := func(err error) {
		unix.Write(replyFD, []byte(err.Error()))
		os.Exit(1)
	}
	if t.Stage == 1 {
		t.Stage = 2
		if _, err := spawn(t, replyFD); err != nil {
			say(err)
		}
		os.Exit(0)
	}
	unix.Close(taskFD)
	lock, err := unix.Open(t.Path+".lock", unix.O_RDWR|unix.O_CREAT|unix.O_CLOEXEC, 0o644)
	if err != nil {
		say(fmt.Errorf("%s.lock: %w", t.Path, err))
	}
	if err := unix.FcntlFlock(uintptr(lock), unix.F_SETLK, &unix.Flock_t{Type: unix.F_WRLCK}); err != nil {
		say(errors.New("another daemon runs"))
	}
	if err := os.WriteFile(t.Path, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o644); err != nil {
		os.Remove(t.Path)
		say(err)
	}
	unix.Write(replyFD, []byte("ready"))
	unix.Close(replyFD)
	service(t.Args)
	os.Remove(t.Path)
	os.Exit(0)
}

func Start(pidFile string, args ...string) error {
	path, err := filepath.Abs(pidFile)
	if err != nil {
		return err
	}
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(pair[0])
	pid, err := spawn(task{path, args, 1}, pair[1])
	unix.Close(pair[1])
	if err != nil {
		return err
	}
	var status unix.WaitStatus
	for {
		if _, err = unix.Wait4(pid, &status, 0, nil); err != unix.EINTR {
			break
		}
	}
	buf := make([]byte, 8192)
	for {
		n, err := unix.Read(pair[0], buf)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return err
		case n == 0:
			return errors.New("the daemon has died without a word")
		case string(buf[:n]) == "ready":
			return nil
		}
		text := string(buf[:n])
		for n != 0 { // until the daemon has ended
			if n, err = unix.Read(pair[0], buf); err != nil && err != unix.EINTR {
				break
			}
		}
		return errors.New(text)
	}
}

func holder(lock int) (int, error) {
	l := unix.Flock_t{Type: unix.F_WRLCK}
	if err := unix.FcntlFlock(uintptr(lock), unix.F_GETLK, &l); err != nil {
		return 0, err
	}
	if l.Type == unix.F_UNLCK {
		return 0, nil
	}
	return int(l.Pid), nil
}

func Stop(pidFile string) error {
	path, err := filepath.Abs(pidFile)
	if err != nil {
		return err
	}
	lock, err := unix.Open(path+".lock", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err == unix.ENOENT {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return nil
	}
	if err != nil {
		return err
	}
	defer unix.Close(lock)
	for {
		pid, err := holder(lock)
		if err != nil {
			return err
		}
		if pid == 0 {
			break
		}
		fd, err := unix.PidfdOpen(pid, 0)
		if err == unix.ESRCH {
			continue
		}
		if err != nil {
			return err
		}
		if again, err := holder(lock); err != nil || again != pid {
			unix.Close(fd)
			continue
		}
		err = unix.PidfdSendSignal(fd, unix.SIGTERM, nil, 0)
		if err != nil && err != unix.ESRCH {
			unix.Close(fd)
			return err
		}
		for {
			n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1)
			if n > 0 || err != unix.EINTR {
				break
			}
		}
		unix.Close(fd)
		break
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
