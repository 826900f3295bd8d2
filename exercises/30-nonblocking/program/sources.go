package program

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"

	"forklings/checker/syncpoint"

	"golang.org/x/sys/unix"
)

// source is something to read from, and what can be read there is written to out.
type source struct {
	in, out *os.File
	fd      int // in's descriptor, as Fd would change the mode
	shared  bool
}

// open makes the sources, and for all but regular files a child that feeds them: feeder, feeder-2, ...
func open(kinds []string) (sources []*source) {
	for i, kind := range kinds {
		s := makeSource(kind)
		sources = append(sources, s)
		if s.out == nil {
			continue
		}
		role := "feeder"
		if i > 0 {
			role += "-" + strconv.Itoa(i+1)
		}
		start(s, role)
	}
	return sources
}

// start starts a child that writes to the source, and shares it, unless the source is this process's alone.
func start(s *source, role string) {
	exe, err := os.Executable()
	must(err)
	child := exec.Command(exe, role)
	child.Stderr = os.Stderr
	child.ExtraFiles = []*os.File{s.out}
	if s.shared {
		child.ExtraFiles = append(child.ExtraFiles, s.in)
	}
	must(child.Start())
	must(s.out.Close())
}

// makeSource makes a source of a kind.
func makeSource(kind string) *source {
	switch kind {
	case "pipe": // as package os makes it: in non-blocking mode, and with deadlines
		in, out, err := os.Pipe()
		must(err)
		return &source{in: in, out: out, fd: descriptor(in)}

	case "given": // the same, after a child was given it: the mode is the other one, and the deadlines do nothing
		in, out, err := os.Pipe()
		must(err)
		out.Fd() // as package os calls it for each file that it gives to a child
		return &source{in: in, out: out, fd: int(in.Fd()), shared: true}

	case "plain": // as a program inherits it
		var ends [2]int
		must(unix.Pipe2(ends[:], unix.O_CLOEXEC))
		return shared(ends[0], ends[1])

	case "socket":
		ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		must(err)
		return shared(ends[0], ends[1])

	case "named": // in the scenario's directory, so that the tracer finds it
		must(unix.Mkfifo(fifo, 0o600))
		both, err := unix.Open(fifo, unix.O_RDWR|unix.O_CLOEXEC, 0) // to open one end only would wait for the other one
		must(err)
		in, out := openAt(firstEnd, unix.O_RDONLY), openAt(firstEnd+1, unix.O_WRONLY)
		must(unix.Close(both))
		return shared(in, out)

	case "file": // a regular one
		fd, err := unix.Open("orders.txt", unix.O_RDWR|unix.O_CLOEXEC, 0)
		must(err)
		return &source{in: os.NewFile(uintptr(fd), "orders.txt"), fd: fd}
	}
	must(fmt.Errorf("no kind %q", kind))
	return nil
}

// openAt opens an end of the named pipe under this number.
func openAt(number, access int) (fd int) {
	opened, err := unix.Open(fifo, access|unix.O_CLOEXEC, 0)
	must(err)
	must(unix.Dup3(opened, number, unix.O_CLOEXEC))
	must(unix.Close(opened))
	return number
}

func shared(in, out int) *source {
	return &source{in: os.NewFile(uintptr(in), "source"), out: os.NewFile(uintptr(out), "sink"), fd: in, shared: true}
}

// feed writes what the scenario lets it, a word at each point, and then closes its end. It says which mode the source is in,
// which it shares with whoever reads.
func feed(me syncpoint.Role) {
	const out, in = 3, 4
	for _, word := range []string{"alpha", "bravo", "charlie"} {
		me.Reach("before-" + word)
		me.Say("mode", mode(in))
		_, err := unix.Write(out, []byte(word))
		must(err)
		me.Reach("after-" + word)
	}
	must(unix.Close(out))
	me.Say("mode", mode(in))
	me.Reach("closed")
}

// mode tells whether the file is in non-blocking mode.
func mode(fd int) string {
	switch flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0); {
	case err != nil:
		return err.Error()
	case flags&unix.O_NONBLOCK != 0:
		return "non-blocking"
	}
	return "blocking"
}

// descriptor is the descriptor, in the mode it is in.
func descriptor(c syscall.Conn) (fd int) {
	conn, err := c.SyscallConn()
	must(err)
	must(conn.Control(func(d uintptr) { fd = int(d) }))
	return fd
}
