package program

import (
	"io"
	"os"
	"os/exec"

	"forklings/checker/syncpoint"

	"golang.org/x/sys/unix"
)

// relay stands between a writer and two readers. It takes all that the writer has written, and passes it on: to the one all at
// once, and to the other every byte for itself.
func relay(me syncpoint.Role) {
	writer, in, out := run("writer", 0)
	must(in.Close())
	raw, err := io.ReadAll(out)
	must(err)
	wait(writer.Process)
	me.Reach("taken")

	passOn(raw, len(raw), 0)
	me.Reach("passed-on-joined")
	passOn(raw, 1, unix.O_DIRECT) // what is written at once is one packet, and no read gets more than one (pipe(2))
	me.Reach("passed-on-bytewise")
}

// passOn starts a reader, and passes the bytes on, in pieces of this size.
func passOn(raw []byte, size, flags int) {
	reader, in, out := run("reader", flags)
	for len(raw) > 0 {
		if _, err := in.Write(raw[:size]); err != nil {
			break // the reader has ended
		}
		raw = raw[size:]
	}
	must(in.Close())
	wait(reader.Process)
	must(out.Close())
}

// run runs this program in another role, with pipes as its standard input and output, and returns this side's ends.
func run(role string, flags int) (cmd *exec.Cmd, in, out *os.File) {
	theirIn, in := newPipe(flags)
	out, theirOut := newPipe(0)
	cmd = command(role)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = theirIn, theirOut, os.Stderr
	must(cmd.Start())
	must(theirIn.Close())
	must(theirOut.Close())
	return cmd, in, out
}

// newPipe makes a pipe whose ends block.
func newPipe(flags int) (r, w *os.File) {
	var fds [2]int
	must(unix.Pipe2(fds[:], unix.O_CLOEXEC|flags))
	return os.NewFile(uintptr(fds[0]), "|0"), os.NewFile(uintptr(fds[1]), "|1")
}
