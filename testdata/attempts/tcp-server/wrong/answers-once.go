// Answers a line, and is done.
package tcpserver

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
)

type Server struct{ listener *net.TCPListener }

const (
	marker = "--tcp-server-handler"
	client = 3
)

func Main(answer func(line string) string) {
	if len(os.Args) != 2 || os.Args[1] != marker {
		return
	}
	if err := converse(os.NewFile(client, "client"), answer); err != nil {
		fmt.Fprintln(os.Stderr, "tcp-server:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func converse(client io.ReadWriter, answer func(string) string) error {
	in := bufio.NewReader(client)
	line, err := in.ReadString('\n')
	if err == io.EOF || err == nil && line == "q\n" {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = io.WriteString(client, answer(strings.TrimSuffix(line, "\n"))+"\n")
	return err
}

func Listen(address string) (*Server, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	return &Server{listener.(*net.TCPListener)}, nil
}

func (s *Server) Address() string { return s.listener.Addr().String() }

func (s *Server) Serve() error {
	var handlers sync.WaitGroup
	defer handlers.Wait()
	for {
		conn, err := s.listener.AcceptTCP()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			return err
		}
		handler, err := start(conn)
		if err != nil {
			fmt.Fprintln(os.Stderr, "tcp-server:", err)
			continue
		}
		handlers.Go(func() { handler.Wait() }) // how it ended is its own business
	}
}

func start(conn *net.TCPConn) (*exec.Cmd, error) {
	defer conn.Close()
	file, err := conn.File()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	handler := exec.Command(exe, marker)
	handler.Stdout, handler.Stderr, handler.ExtraFiles = os.Stdout, os.Stderr, []*os.File{file}
	if err := handler.Start(); err != nil {
		return nil, err
	}
	return handler, nil
}

func (s *Server) Close() error { return s.listener.Close() }
