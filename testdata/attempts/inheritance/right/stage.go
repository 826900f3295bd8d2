// A second stage puts things in order in the child itself, and tells of a failure through a pipe.
package inheritance

import (
	"encoding/binary"
	"io"
	"math"
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

type Options struct {
	Args  []string
	Env   []string
	Dir   string
	Stdin *os.File
	Files []*os.File
}

// stage is what the child is called until it is in order.
const stage = "inheritance-stage"

func init() {
	if os.Args[0] != stage {
		return
	}
	unix.CloseRange(3, math.MaxInt32, unix.CLOSE_RANGE_CLOEXEC)
	count, _ := strconv.Atoi(os.Args[1])
	for fd := 3; fd < count; fd++ {
		unix.FcntlInt(uintptr(fd), unix.F_SETFD, 0)
	}
	if dir := os.Args[2]; dir != "" {
		if err := syscall.Chdir(dir); err != nil {
			report(count, err)
		}
	}
	report(count, syscall.Exec(os.Args[3], os.Args[3:], os.Environ()))
}

func report(fd int, err error) {
	var number [8]byte
	binary.NativeEndian.PutUint64(number[:], uint64(err.(syscall.Errno)))
	syscall.Write(fd, number[:])
	os.Exit(127)
}

func Start(o Options) (*os.Process, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	env := o.Env
	if env == nil {
		env = os.Environ()
	}
	stdin := o.Stdin
	if stdin == nil {
		if stdin, err = os.Open(os.DevNull); err != nil {
			return nil, err
		}
		defer stdin.Close()
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	files := append([]*os.File{stdin, os.Stdout, os.Stderr}, o.Files...)
	args := append([]string{stage, strconv.Itoa(len(files)), o.Dir, exe}, o.Args...)
	p, err := os.StartProcess(exe, args, &os.ProcAttr{Env: env, Files: append(files, w)})
	w.Close()
	if err != nil {
		return nil, err
	}
	if number, _ := io.ReadAll(r); len(number) == 8 { // a successful exec closes the pipe
		p.Wait()
		return nil, syscall.Errno(binary.NativeEndian.Uint64(number))
	}
	return p, nil
}
