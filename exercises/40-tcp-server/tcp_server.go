// Package tcpserver is a TCP server with a process for each client.
package tcpserver

import "errors"

// Server listens on an address, and has a child process for each client. A program may have several.
type Server struct{}

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
func Main(answer func(line string) string) {}

// Listen takes an address such as 127.0.0.1:8000, and that one only; with port 0 the kernel chooses one. From then on
// clients can connect. An address on which somebody listens is an error. One that a server has just given up can be
// taken again at once: also when that server has closed connections first, and while its handlers still talk.
func Listen(address string) (*Server, error) { return nil, errors.New("not written yet") }

// Address tells the address that was taken, with its port.
func (s *Server) Address() string { return "" }

// Serve starts a handler for each client, as soon as it has connected: a child that is this same program, run again. No
// client waits for another one. Meanwhile the caller sleeps in the kernel. It is called once.
//
// A handler that crashes or is killed, and a client that is suddenly gone, concern nobody else. A client for whom no
// process can be started reads the end of the file, or a reset; the server goes on. A handler that has ended leaves no
// zombie, and nothing open here, nor does a start that has failed. Other children of the program are left alone. Where a
// handler's output goes is yours to choose; the handler must be able to write it when the server has been killed.
//
// After Close it returns nil, when this server's last handler has ended; also when Close came first.
func (s *Server) Serve() error { return errors.New("not written yet") }

// Close ends the listening, at once: new clients are refused, and the address is free. Conversations go on, as they do
// when the server's process is killed. It is called once.
func (s *Server) Close() error { return errors.New("not written yet") }
