// Once there was a client, Serve returns at the end of a handler, also when the last one ended before Close.

package tcpserver

import (
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

type Server struct {
	l      *net.TCPListener
	fd, ev int
}

func Main(answer func(line string) string) {
	if len(os.Args) != 2 || os.Args[1] != fmt.Sprint("client of ", os.Getppid()) && !strings.HasPrefix(os.Args[1], "client of ") {
		return
	}
	oob := make([]byte, 64)
	var n, noob int
	var err error
	for {
		n, noob, _, _, err = unix.Recvmsg(3, make([]byte, 1), oob, unix.MSG_CMSG_CLOEXEC)
		if err != unix.EINTR {
			break
		}
	}
	if err != nil || n == 0 {
		os.Exit(1)
	}
	unix.Close(3)
	msgs, _ := unix.ParseSocketControlMessage(oob[:noob])
	fds, _ := unix.ParseUnixRights(&msgs[0])
	unix.SetNonblock(fds[0], false)
	conn := os.NewFile(uintptr(fds[0]), "client")
	var b strings.Builder
	one := make([]byte, 1<<20)
	for {
		n, err := conn.Read(one)
		for part := one[:n]; len(part) > 0; {
			head, rest, found := strings.Cut(string(part), "\n")
			b.WriteString(head)
			if !found {
				break
			}
			part = []byte(rest)
			line := b.String()
			b.Reset()
			if line == "q" {
				os.Exit(0)
			}
			out := answer(line)
			if _, err := io.WriteString(conn, out); err != nil {
				os.Exit(0)
			}
			if _, err := conn.Write([]byte{'\n'}); err != nil {
				os.Exit(0)
			}
		}
		if err != nil {
			os.Exit(0)
		}
	}
}

func Listen(address string) (*Server, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	raw, err := l.(*net.TCPListener).SyscallConn()
	if err != nil {
		l.Close()
		return nil, err
	}
	ev, err := unix.Eventfd(0, unix.EFD_CLOEXEC)
	if err != nil {
		l.Close()
		return nil, err
	}
	s := &Server{l: l.(*net.TCPListener), ev: ev}
	raw.Control(func(fd uintptr) { s.fd = int(fd) })
	return s, nil
}

func (s *Server) Address() string { return s.l.Addr().String() }

func (s *Server) Serve() error {
	ep, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return err
	}
	defer unix.Close(ep)
	defer unix.Close(s.ev)
	unix.EpollCtl(ep, unix.EPOLL_CTL_ADD, s.ev, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: -1})
	unix.EpollCtl(ep, unix.EPOLL_CTL_ADD, s.fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: -2})
	children := map[int32]int{}
	closed, had := false, 0
	evs := make([]unix.EpollEvent, 8)
	for {
		n, err := unix.EpollWait(ep, evs, -1)
		if err != nil {
			continue
		}
		for _, e := range evs[:n] {
			switch e.Fd {
			case -1:
				unix.EpollCtl(ep, unix.EPOLL_CTL_DEL, s.ev, nil)
				closed = true
				if had == 0 {
					return nil
				}
			case -2:
				if closed {
					continue
				}
				conn, _, err := unix.Accept4(s.fd, unix.SOCK_CLOEXEC)
				if err != nil {
					continue
				}
				if pid, fd, err := start(conn); err == nil {
					had++
					children[int32(fd)] = pid
					unix.EpollCtl(ep, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)})
				}
				unix.Close(conn)
			default:
				unix.Wait4(children[e.Fd], nil, 0, nil)
				delete(children, e.Fd)
				unix.Close(int(e.Fd))
				if closed && len(children) == 0 {
					return nil
				}
			}
		}
	}
	return nil
}

func start(conn int) (pid, fd int, err error) {
	exe, err := os.Executable()
	if err != nil {
		return 0, 0, err
	}
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, 0, err
	}
	defer unix.Close(pair[0])
	defer unix.Close(pair[1])
	if err := unix.Sendmsg(pair[0], []byte{1}, unix.UnixRights(conn), nil, 0); err != nil {
		return 0, 0, err
	}
	pid, err = syscall.ForkExec(exe, []string{exe, fmt.Sprint("client of ", os.Getpid())}, &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2, uintptr(pair[1])}, Sys: &syscall.SysProcAttr{PidFD: &fd}})
	return pid, fd, err
}

func (s *Server) Close() error {
	err := s.l.Close()
	unix.Write(s.ev, []byte{1, 0, 0, 0, 0, 0, 0, 0})
	return err
}
