package program

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"forklings/checker/syncpoint"

	"golang.org/x/sys/unix"
)

// serve is what the daemons run. Everything that they find out about themselves they say before they serve.
func serve(args []string) {
	me := syncpoint.Role("service")
	me.Say("session", session())
	me.Say("terminal", controlling())
	me.Say("folder", folder())
	me.Say("stdio", stdio())
	me.Say("arguments", fmt.Sprintf("%q", args))

	kind := ""
	if len(args) > 0 {
		kind = args[0]
	}
	switch kind {
	case "opener":
		unix.Close(openTerminal())
		me.Say("terminal", controlling())
		me.Reach("serving")

	case "tidy":
		asked := make(chan os.Signal, 1)
		signal.Notify(asked, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT)
		me.Reach("serving")
		if <-asked == syscall.SIGTERM {
			me.Reach("cleaning")
		} else {
			me.Reach("misled")
		}

	case "host":
		exe, err := os.Executable()
		must(err)
		must(exec.Command(exe, "helper").Start())
		me.Reach("serving")

	default:
		if kind == "reader" {
			content(args[1])
			debug.FreeOSMemory() // what is reachable no more is cleaned up now: a file that nobody keeps is closed
		}
		me.Reach("serving")
		fmt.Println("nobody reads this")
		me.Say("dangling", dangling())
		me.Reach("served")
	}
}

// dangling counts the pipes and connections of this process whose other end nobody has any more. What it has opened for
// itself has its other end in it, too; what dangles came from somebody who has gone.
func dangling() (n int) {
	entries, err := os.ReadDir("/proc/self/fd")
	must(err)
	for _, e := range entries {
		var fd int
		fmt.Sscan(e.Name(), &fd)
		polled := []unix.PollFd{{Fd: int32(fd)}}
		to, err := os.Readlink("/proc/self/fd/" + e.Name())
		if err != nil || !strings.HasPrefix(to, "pipe:") && !connected(fd) {
			continue
		}
		if _, err := unix.Poll(polled, 0); err == nil && polled[0].Revents&(unix.POLLERR|unix.POLLHUP) != 0 {
			n++
		}
	}
	return n
}

// connected tells whether the descriptor is a socket that has been connected to another one, which may be gone by now.
func connected(fd int) bool {
	_, err := unix.Getpeername(fd)
	return err == nil
}

// session is this process's session, by the PID of the process that leads it or has led it.
func session() int {
	sid, err := unix.Getsid(0)
	must(err)
	return sid
}

func folder() string {
	path, err := os.Readlink("/proc/self/cwd")
	must(err)
	return path
}

// stdio tells where the three standard descriptors lead, and whether they can be used.
func stdio() string {
	var all []string
	for fd := range 3 {
		to, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd))
		switch {
		case err != nil:
			to = "closed"
		case fd == 0:
			if n, err := unix.Read(fd, make([]byte, 1)); n != 0 || err != nil {
				to += " that cannot be read"
			}
		default:
			if _, err := unix.Write(fd, []byte("x")); err != nil {
				to += " that cannot be written"
			}
		}
		all = append(all, to)
	}
	if strings.Join(all, " ") == "/dev/null /dev/null /dev/null" {
		return "/dev/null"
	}
	return strings.Join(all, ", ")
}
