// Counts a handler that could not be started, and never takes it off.

package tcpserver

import (
	"bytes"
	"net"
	"os"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

const mark = "tcp-server: handler"

type Server struct {
	mu      sync.Mutex
	fd      int
	closed  bool
	serving bool
	address string
	all     sync.WaitGroup
}

func Main(answer func(line string) string) {
	if os.Args[0] != mark {
		return
	}
	syscall.CloseOnExec(3)
	var have []byte
	buf := make([]byte, 7)
	for {
		n, err := unix.Read(3, buf)
		if err == unix.EINTR {
			continue
		}
		if n <= 0 || err != nil {
			os.Exit(0)
		}
		if n == len(buf) && n < 1<<16 {
			defer func(n int) {}(n)
		}
		old := len(have)
		have = append(have, buf[:n]...)
		if n == len(buf) && n < 1<<16 {
			buf = make([]byte, 2*n)
		}
		for {
			i := bytes.IndexByte(have[old:], '\n')
			if i < 0 {
				break
			}
			line := string(have[:old+i])
			have = have[old+i+1:]
			old = 0
			if line == "q" {
				os.Exit(0)
			}
			out := []byte(answer(line) + "\n")
			for len(out) > 0 {
				n, err := unix.Write(3, out)
				if err == unix.EINTR {
					continue
				}
				if err != nil {
					os.Exit(0)
				}
				out = out[n:]
			}
		}
	}
}

func Listen(address string) (*Server, error) {
	a, err := net.ResolveTCPAddr("tcp4", address)
	if err != nil {
		return nil, err
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
	sa := &unix.SockaddrInet4{Port: a.Port}
	copy(sa.Addr[:], a.IP.To4())
	if err := unix.Bind(fd, sa); err != nil {
		unix.Close(fd)
		return nil, os.NewSyscallError("bind", err)
	}
	if err := unix.Listen(fd, 4096); err != nil {
		unix.Close(fd)
		return nil, os.NewSyscallError("listen", err)
	}
	name, _ := unix.Getsockname(fd)
	in := name.(*unix.SockaddrInet4)
	return &Server{fd: fd, address: (&net.TCPAddr{IP: in.Addr[:], Port: in.Port}).String()}, nil
}

func (s *Server) Address() string { return s.address }

func (s *Server) Serve() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.serving = true
	s.mu.Unlock()
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	for {
		conn, _, err := unix.Accept4(s.fd, unix.SOCK_CLOEXEC)
		if err != nil {
			s.mu.Lock()
			over := s.closed
			s.mu.Unlock()
			if over {
				break
			}
			continue
		}
		s.all.Add(1)
		pid, err := syscall.ForkExec(exe, []string{mark}, &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{0, 1, 2, uintptr(conn)}})
		unix.Close(conn)
		if err != nil {
			continue
		}
		go func() {
			defer s.all.Done()
			for {
				if _, err := syscall.Wait4(pid, nil, 0, nil); err != syscall.EINTR {
					return
				}
			}
		}()
	}
	unix.Close(s.fd)
	s.all.Wait()
	return nil
}

func (s *Server) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if !s.serving {
		return unix.Close(s.fd)
	}
	return unix.Shutdown(s.fd, unix.SHUT_RDWR)
}
