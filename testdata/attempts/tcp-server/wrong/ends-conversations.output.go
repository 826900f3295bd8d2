// Takes the handler's standard error through a pipe into its own memory.
package tcpserver

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"sync"
)

const mark = "TCPSERVER_HANDLER"

type Server struct {
	l        *net.TCPListener
	handlers sync.WaitGroup
}

func Main(answer func(line string) string) {
	if os.Getenv(mark) == "" {
		return
	}
	os.Unsetenv(mark)
	f := os.NewFile(3, "client")
	c, err := net.FileConn(f)
	f.Close()
	if err != nil {
		os.Exit(1)
	}
	r := bufio.NewReader(c)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			break
		}
		line = line[:len(line)-1]
		if line == "q" {
			break
		}
		if _, err := io.WriteString(c, answer(line)+"\n"); err != nil {
			break
		}
	}
	c.Close()
	os.Exit(0)
}

func Listen(address string) (*Server, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	return &Server{l: l.(*net.TCPListener)}, nil
}

func (s *Server) Address() string { return s.l.Addr().String() }

func (s *Server) Serve() error {
	for {
		c, err := s.l.AcceptTCP()
		if errors.Is(err, net.ErrClosed) {
			break
		}
		if err != nil {
			s.handlers.Wait()
			return err
		}
		if err := s.start(c); err != nil {
			c.CloseWrite()
		}
		c.Close()
	}
	s.handlers.Wait()
	return nil
}

func (s *Server) start(c *net.TCPConn) error {
	f, err := c.File()
	if err != nil {
		return err
	}
	defer f.Close()
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), mark+"=1")
	cmd.Stderr = &bytes.Buffer{}
	cmd.ExtraFiles = []*os.File{f}
	if err := cmd.Start(); err != nil {
		return err
	}
	s.handlers.Add(1)
	go func() { cmd.Wait(); s.handlers.Done() }()
	return nil
}

func (s *Server) Close() error { return s.l.Close() }
