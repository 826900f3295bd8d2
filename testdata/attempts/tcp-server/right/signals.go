// Reaps its handlers, by their PIDs, whenever SIGCHLD comes.
package tcpserver

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
)

// Server knows the PIDs of its handlers.
type Server struct {
	net.Listener

	mutex    sync.Mutex
	handlers map[int]bool
	none     *sync.Cond
}

const marker = "handle-one-client"

func Main(answer func(line string) string) {
	if len(os.Args) < 2 || os.Args[1] != marker {
		return
	}
	conn, err := net.FileConn(os.NewFile(3, "client"))
	if err != nil {
		panic(err)
	}
	in := bufio.NewReader(conn)
	for {
		line, err := in.ReadString('\n')
		if err != nil || line == "q\n" {
			conn.Close()
			os.Exit(0)
		}
		if _, err := fmt.Fprintln(conn, answer(strings.TrimSuffix(line, "\n"))); err != nil {
			os.Exit(1)
		}
	}
}

func Listen(address string) (*Server, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	s := &Server{Listener: listener, handlers: map[int]bool{}}
	s.none = sync.NewCond(&s.mutex)
	return s, nil
}

func (s *Server) Address() string { return s.Addr().String() }

func (s *Server) Serve() error {
	ends := make(chan os.Signal, 1)
	signal.Notify(ends, syscall.SIGCHLD)
	defer signal.Stop(ends)
	go func() {
		for range ends {
			s.reap()
		}
	}()
	for {
		conn, err := s.Accept()
		if errors.Is(err, net.ErrClosed) {
			break
		}
		if err != nil {
			return err
		}
		if err := s.start(conn.(*net.TCPConn)); err != nil {
			fmt.Fprintln(os.Stderr, "tcp-server:", err)
		}
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for len(s.handlers) > 0 {
		s.none.Wait()
	}
	return nil
}

// start is not interrupted by reap: a handler that ends at once is known by then.
func (s *Server) start(conn *net.TCPConn) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	file, err := conn.File()
	conn.Close()
	if err != nil {
		return err
	}
	defer file.Close()
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	pid, err := syscall.ForkExec(exe, []string{exe, marker}, &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{0, 1, 2, file.Fd()}})
	if err == nil {
		s.handlers[pid] = true
	}
	return err
}

// reap collects all handlers that have ended: one signal may tell of several.
func (s *Server) reap() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for pid := range s.handlers {
		if got, err := syscall.Wait4(pid, nil, syscall.WNOHANG, nil); got == pid || err == syscall.ECHILD {
			delete(s.handlers, pid)
		}
	}
	s.none.Broadcast()
}
