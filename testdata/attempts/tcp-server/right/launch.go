// Starts the handlers by os.StartProcess, in a goroutine for each client, and counts them by itself.
package tcpserver

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
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
	for {
		line, err := in.ReadString('\n')
		if err == io.EOF || err == nil && line == "q\n" {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := io.WriteString(client, answer(strings.TrimSuffix(line, "\n"))+"\n"); err != nil {
			return err
		}
	}
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
	ended, talking := make(chan bool), 0
	accepted, failed := make(chan *net.TCPConn), make(chan error)
	go func() {
		for {
			conn, err := s.listener.AcceptTCP()
			if err != nil {
				failed <- err
				return
			}
			accepted <- conn
		}
	}()
	var result error
	for open := true; open || talking > 0; {
		select {
		case conn := <-accepted:
			talking++
			go func() {
				if err := hold(conn); err != nil {
					fmt.Fprintln(os.Stderr, "tcp-server:", err)
				}
				ended <- true
			}()
		case <-ended:
			talking--
		case err := <-failed:
			open = false
			if !errors.Is(err, net.ErrClosed) {
				result = err
			}
		}
	}
	return result
}

// hold starts the client's handler, and waits for it.
func hold(conn *net.TCPConn) error {
	file, err := conn.File()
	conn.Close()
	if err != nil {
		return err
	}
	exe, err := os.Executable()
	if err != nil {
		file.Close()
		return err
	}
	handler, err := os.StartProcess(exe, []string{exe, marker}, &os.ProcAttr{Files: []*os.File{os.Stdin, os.Stdout, os.Stderr, file}})
	file.Close()
	if err != nil {
		return err
	}
	_, err = handler.Wait()
	return err
}

func (s *Server) Close() error { return s.listener.Close() }
