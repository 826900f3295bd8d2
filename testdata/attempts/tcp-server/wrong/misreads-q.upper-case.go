// Takes Q for q.

package tcpserver

import (
	"bufio"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
)

type Server struct {
	*net.TCPListener
	mu   sync.Mutex
	done chan struct{}
}

func Main(answer func(line string) string) {
	if os.Getenv("TALK_TO_STDIN") != "yes" {
		return
	}
	os.Unsetenv("TALK_TO_STDIN")
	conn, err := net.FileConn(os.Stdin)
	if err != nil {
		os.Exit(2)
	}
	os.Stdin.Close()
	lines := make(chan string)
	go func() {
		defer close(lines)
		r := bufio.NewReaderSize(conn, 16)
		for {
			l, err := r.ReadString('\n')
			if err != nil {
				return
			}
			lines <- l
		}
	}()
	for l := range lines {
		if l == "q\n" || l == "Q\n" {
			break
		}
		if _, err := io.Copy(conn, strings.NewReader(answer(l[:len(l)-1])+"\n")); err != nil {
			break
		}
	}
	conn.Close()
	os.Exit(0)
}

func Listen(address string) (*Server, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	return &Server{TCPListener: l.(*net.TCPListener), done: make(chan struct{})}, nil
}

func (s *Server) Address() string { return s.Addr().String() }

func (s *Server) Serve() error {
	clients := make(chan *net.TCPConn)
	go func() {
		defer close(clients)
		for {
			c, err := s.AcceptTCP()
			if err != nil {
				if ne, ok := err.(net.Error); ok && ne.Temporary() {
					continue
				}
				return
			}
			clients <- c
		}
	}()
	var all sync.WaitGroup
	for c := range clients {
		all.Go(func() {
			f, err := c.File()
			c.Close()
			if err != nil {
				return
			}
			exe, err := os.Executable()
			if err != nil {
				f.Close()
				return
			}
			cmd := exec.Command(exe)
			cmd.Env = append(os.Environ(), "TALK_TO_STDIN=yes")
			cmd.Stdin = f
			cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
			err = cmd.Start()
			f.Close()
			if err == nil {
				cmd.Wait()
			}
		})
	}
	all.Wait()
	return nil
}
