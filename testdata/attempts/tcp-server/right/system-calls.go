// Does everything by system calls: a socket of its own, accept, ForkExec, and one thread in wait for each handler.
package tcpserver

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"syscall"
)

// Server accepts in a thread that the kernel wakes, also when the socket is shut.
type Server struct {
	socket  int
	address string

	mutex  sync.Mutex
	closed bool
}

const marker = "--tcp-server-handler"

func Main(answer func(line string) string) {
	if len(os.Args) != 3 || os.Args[1] != marker {
		return
	}
	client, err := strconv.Atoi(os.Args[2])
	if err != nil || !converse(client, answer) {
		os.Exit(1)
	}
	syscall.Shutdown(client, syscall.SHUT_RDWR)
	os.Exit(0)
}

func converse(client int, answer func(string) string) bool {
	var text []byte
	packet := make([]byte, 4096)
	for {
		n, err := syscall.Read(client, packet)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || n == 0 {
			return err == nil
		}
		text = append(text, packet[:n]...)
		for {
			line, rest, whole := bytes.Cut(text, []byte("\n"))
			if !whole {
				break
			}
			if string(line) == "q" {
				return true
			}
			if !write(client, []byte(answer(string(line))+"\n")) {
				return false
			}
			text = rest
		}
	}
}

func write(client int, text []byte) bool {
	for len(text) > 0 {
		n, err := syscall.Write(client, text)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return false
		}
		text = text[n:]
	}
	return true
}

func Listen(address string) (*Server, error) {
	to, err := net.ResolveTCPAddr("tcp4", address)
	if err != nil {
		return nil, err
	}
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("socket: %w", err)
	}
	err = syscall.SetsockoptInt(socket, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1)
	if err == nil {
		err = syscall.Bind(socket, &syscall.SockaddrInet4{Port: to.Port, Addr: [4]byte(to.IP.To4())})
	}
	if err == nil {
		err = syscall.Listen(socket, 128)
	}
	if err == nil {
		var name syscall.Sockaddr
		if name, err = syscall.Getsockname(socket); err == nil {
			to.Port = name.(*syscall.SockaddrInet4).Port
			return &Server{socket: socket, address: to.String()}, nil
		}
	}
	syscall.Close(socket)
	return nil, fmt.Errorf("listen on %s: %w", address, err)
}

func (s *Server) Address() string { return s.address }

func (s *Server) Serve() error {
	var handlers sync.WaitGroup
	defer handlers.Wait()
	for {
		client, _, err := syscall.Accept4(s.socket, syscall.SOCK_CLOEXEC)
		s.mutex.Lock()
		closed := s.closed
		s.mutex.Unlock()
		switch {
		case closed && err == nil:
			syscall.Close(client)
			return nil
		case closed:
			return nil
		case err == syscall.EINTR || err == syscall.ECONNABORTED:
			continue
		case err != nil:
			return err
		}
		exe, err := os.Executable()
		if err != nil {
			return err
		}
		// It is descriptor 3 in the child; the other numbers are closed there.
		pid, err := syscall.ForkExec(exe, []string{exe, marker, "3"}, &syscall.ProcAttr{
			Env: os.Environ(), Files: []uintptr{0, 1, 2, uintptr(client)},
		})
		syscall.Close(client)
		if err != nil {
			fmt.Fprintln(os.Stderr, "tcp-server: fork:", err)
			continue
		}
		handlers.Go(func() {
			for {
				if _, err := syscall.Wait4(pid, nil, 0, nil); err != syscall.EINTR {
					return
				}
			}
		})
	}
}

// Close wakes the accept by shutting the socket: closing the descriptor alone would leave it asleep, and the port taken.
func (s *Server) Close() error {
	s.mutex.Lock()
	s.closed = true
	s.mutex.Unlock()
	if err := syscall.Shutdown(s.socket, syscall.SHUT_RD); err != nil {
		return err
	}
	return syscall.Close(s.socket)
}
