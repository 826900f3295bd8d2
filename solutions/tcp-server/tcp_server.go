// Package tcpserver is a TCP server with a process for each client.
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

// Server listens on an address, and has a child process for each client. A program may have several.
type Server struct{ listener *net.TCPListener }

// A handler finds the marker as its only argument, and its client at this descriptor, the first of
// exec.Cmd.ExtraFiles.
const (
	marker = "--tcp-server-handler"
	client = 3
)

// Main is called by the program before anything else. In a handler, the child that a server has started for a client, it
// holds the conversation and ends the process. In any other process it returns at once, also in other children of the
// program, and in one that answer starts.
//
// A client sends lines. A line ends with a newline, wherever the packets begin and end: a packet may hold half a line,
// half a character, or several lines. It may be empty, have any length and hold any bytes, a carriage return
// at its end too. As soon as a line is there it is answered, by what answer makes of it (without the newline) and a
// newline; it does not wait for the next one, nor for that one's answer. The line q is not answered: it ends the
// conversation. So does the client's end. A client that has only closed its sending side gets all its answers.
//
// When the conversation is over, so is the process, and the client is told at once: it reads the end of the file.
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

// converse answers line by line until the client ends it. What one read brings is some bytes; the lines are put together
// again in the Reader's buffer.
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

// Listen takes an address such as 127.0.0.1:8000, and that one only; with port 0 the kernel chooses one. From then on
// clients can connect. An address on which somebody listens is an error. One that a server has just given up can be
// taken again at once: also when that server has closed connections first, and while its handlers still talk.
//
// net.Listen sets SO_REUSEADDR and close-on-exec, as it has to be for that.
func Listen(address string) (*Server, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	return &Server{listener.(*net.TCPListener)}, nil
}

// Address tells the address that was taken, with its port.
func (s *Server) Address() string { return s.listener.Addr().String() }

// Serve starts a handler for each client, as soon as it has connected: a child that is this same program, run again. No
// client waits for another one. Meanwhile the caller sleeps in the kernel. It is called once.
//
// A handler that crashes or is killed, and a client that is suddenly gone, concern nobody else. A client for whom no
// process can be started reads the end of the file, or a reset; the server goes on. A handler that has ended leaves no
// zombie, and nothing open here, nor does a start that has failed. Other children of the program are left alone. Where a
// handler's output goes is yours to choose; the handler must be able to write it when the server has been killed.
//
// After Close it returns nil, when this server's last handler has ended; also when Close came first.
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

// start starts the handler of a client. The connection is open in the handler only then: the client reads the end of
// the file when the last one has closed it.
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
	return handler, handler.Start()
}

// Close ends the listening, at once: new clients are refused, and the address is free. Conversations go on, as they do
// when the server's process is killed. It is called once.
func (s *Server) Close() error { return s.listener.Close() }
