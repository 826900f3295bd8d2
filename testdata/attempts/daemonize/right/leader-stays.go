// Has the leader stay until the daemon is ready, and tell by its status; an OFD lock beside; the PID file comes by rename.

package daemonize

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

func Guard(service func(args []string)) {
	if len(os.Args) != 4 || os.Getpid() == 0 {
		return
	}
	switch os.Args[0] {
	case "daemonize: middle":
		middle()
	case "daemonize: daemon":
		daemon(service)
	}
}

func middle() {
	unix.CloseRange(3, ^uint(0), unix.CLOSE_RANGE_CLOEXEC)
	unix.Setsid()
	unix.Chdir("/")
	r, w, err := os.Pipe()
	if err != nil {
		fail(err)
	}
	c := exec.Command("/proc/self/exe")
	c.Args = []string{"daemonize: daemon", os.Args[1], os.Args[2], os.Args[3]}
	c.ExtraFiles = []*os.File{w}
	if err := c.Start(); err != nil {
		fail(err)
	}
	w.Close()
	buf := make([]byte, 4096)
	n, _ := r.Read(buf)
	if string(buf[:n]) == "r" {
		os.Exit(0)
	}
	c.Wait()
	fail(errors.New("daemon: " + string(buf[:n]) + " " + c.ProcessState.String()))
}

func fail(err error) {
	fmt.Fprint(os.Stderr, err)
	os.Exit(1)
}

func daemon(service func(args []string)) {
	ready := os.NewFile(3, "ready")
	unix.CloseOnExec(3)
	path := os.Args[1]
	var args []string
	text, _ := base64.StdEncoding.DecodeString(os.Args[3])
	json.Unmarshal(text, &args)
	exe, _ := os.Executable()
	os.Args = append([]string{exe}, args...)
	bad := func(err error) {
		fmt.Fprint(ready, err)
		os.Exit(1)
	}
	lock, err := os.OpenFile(path+".lck", os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		bad(err)
	}
	if err := unix.FcntlFlock(lock.Fd(), unix.F_OFD_SETLK, &unix.Flock_t{Type: unix.F_WRLCK}); err != nil {
		bad(fmt.Errorf("a daemon runs: %w", err))
	}
	tmp := fmt.Sprintf("%s.%d", path, os.Getpid())
	err = os.WriteFile(tmp, []byte(strconv.Itoa(os.Getpid())), 0o644)
	if err == nil {
		err = os.Rename(tmp, path)
	}
	if err != nil {
		os.Remove(tmp)
		bad(err)
	}
	ready.WriteString("r")
	ready.Close()
	service(args)
	os.Remove(path)
	runtime.KeepAlive(lock)
	unix.Exit(0)
}

func Start(pidFile string, args ...string) error {
	path, err := filepath.Abs(pidFile)
	if err != nil {
		return err
	}
	text, _ := json.Marshal(args)
	c := exec.Command("/proc/self/exe")
	c.Args = []string{"daemonize: middle", path, "-", base64.StdEncoding.EncodeToString(text)}
	// A file, so that nobody has to read to its end.
	fd, err := unix.MemfdCreate("answer", unix.MFD_CLOEXEC)
	if err != nil {
		return err
	}
	answer := os.NewFile(uintptr(fd), "answer")
	defer answer.Close()
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close()
	c.Stderr = w
	if err := c.Start(); err != nil {
		w.Close()
		return err
	}
	w.Close()
	err = c.Wait()
	if err == nil {
		return nil
	}
	var b bytes.Buffer
	unix.SetNonblock(int(r.Fd()), true)
	buf := make([]byte, 65536)
	if n, _ := unix.Read(int(r.Fd()), buf); n > 0 {
		b.Write(buf[:n])
	}
	return fmt.Errorf("%w: %s", err, b.String())
}

func locked(lock *os.File) (bool, error) {
	l := unix.Flock_t{Type: unix.F_WRLCK}
	err := unix.FcntlFlock(lock.Fd(), unix.F_OFD_GETLK, &l)
	return l.Type != unix.F_UNLCK, err
}

func Stop(pidFile string) error {
	path, err := filepath.Abs(pidFile)
	if err != nil {
		return err
	}
	lock, err := os.Open(path + ".lck")
	if errors.Is(err, os.ErrNotExist) {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return nil
	}
	if err != nil {
		return err
	}
	defer lock.Close()
	for {
		is, err := locked(lock)
		if err != nil {
			return err
		}
		if !is {
			break
		}
		text, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) { // it is about to begin, or has just removed it
			continue
		}
		if err != nil {
			return err
		}
		pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err != nil {
			continue
		}
		fd, err := unix.PidfdOpen(pid, 0)
		if err == unix.ESRCH {
			continue
		}
		if err != nil {
			return err
		}
		if is, _ := locked(lock); !is {
			unix.Close(fd)
			continue
		}
		err = unix.PidfdSendSignal(fd, unix.SIGTERM, nil, 0)
		if err != nil {
			unix.Close(fd)
			if err == unix.ESRCH {
				continue
			}
			return err
		}
		ep, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
		if err != nil {
			unix.Close(fd)
			return err
		}
		unix.EpollCtl(ep, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN})
		events := make([]unix.EpollEvent, 1)
		for {
			n, err := unix.EpollWait(ep, events, -1)
			if n == 1 || err != unix.EINTR {
				break
			}
		}
		unix.Close(ep)
		unix.Close(fd)
		break
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
