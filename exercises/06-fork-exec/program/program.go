// Package program is what the scenarios of fork-exec run: kit code around the learner's function.
package program

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"forklings/checker/syncpoint"
	"forklings/exercises/06-fork-exec"

	"golang.org/x/sys/unix"
)

// another is the argv[0] of every child: not the path of the file that it runs.
const another = "another-name"

var standard = []*os.File{os.Stdin, os.Stdout, os.Stderr}

// Main runs the role named by the first argument.
func Main() {
	me := syncpoint.Asked()
	if me == another { // argv came one place too late; the child is to be heard all the same
		me = "child"
	}
	switch me {
	case "child":
		child(me)

	case "starter":
		pid := start(me, []string{"COLOR=blue", "EMPTY=", "SUM=1+1=2"}, standard)
		me.Say("pid", pid)
		me.Reach("started")
		me.Say("status", wait(pid))
		me.Reach("waited")

	case "starter-without-environment":
		start(me, nil, standard)
		me.Reach("started")

	case "starter-with-files":
		letter, list := open("letter.txt"), open("list.txt")
		start(me, nil, []*os.File{letter, os.Stderr, os.Stdout, nil, list})
		me.Reach("started")

	case "starter-with-secret":
		if len(os.Args) == 2 { // begin again, so that 9 is inherited and not opened by this program
			secret, err := unix.Open("secret.txt", unix.O_RDONLY|unix.O_CLOEXEC, 0)
			must(err)
			must(unix.Dup3(secret, 9, 0))
			must(syscall.Exec(executable(), append(os.Args, "inherited"), os.Environ()))
		}
		must(unix.Dup3(9, 251, 0))
		must(unix.Dup3(9, 1000, 0))
		start(me, nil, standard)
		me.Reach("started")

	case "failing":
		fail(me, os.Args[2])

	default:
		fmt.Fprintf(os.Stderr, "fork-exec: no role %q\n", me)
		os.Exit(125)
	}
}

// start calls the learner's function for a child.
func start(me syncpoint.Role, env []string, files []*os.File) int {
	me.Reach("starting")
	pid, err := forkexec.Start(executable(), []string{another, "child", "two words", "", "line\nline"}, env, files)
	must(err)
	return pid
}

// wait waits for the child, as the caller of the learner's function may, and gives its exit status.
func wait(pid int) string {
	var w unix.WaitStatus
	for pid > 0 {
		_, err := unix.Wait4(pid, &w, 0, nil)
		switch err {
		case nil:
			return fmt.Sprint(w.ExitStatus())
		case unix.EINTR:
		default:
			return err.Error()
		}
	}
	return "no child"
}

// fail calls the learner's function for a file that cannot be run. In PATH there is one folder, with this
// program in it; the working directory has a file that is executable, and no program.
func fail(me syncpoint.Role, path string) {
	must(os.Setenv("PATH", filepath.Dir(executable())))
	must(os.WriteFile("no-program", []byte("just text\n"), 0o755))
	me.Reach("starting")
	pid, err := forkexec.Start(path, []string{another, "child"}, nil, standard)
	if err == nil {
		me.Say("status", wait(pid))
		me.Reach("accepted")
		return
	}
	me.Say("reason", reason(err))
	me.Reach("refused")
}

func reason(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "not there"
	case errors.Is(err, fs.ErrPermission):
		return "not allowed"
	case errors.Is(err, syscall.ENOEXEC):
		return "no program"
	}
	return "unknown"
}

// child tells the scenario what it was given. It opens nothing.
func child(me syncpoint.Role) {
	me.Say("argv0", os.Args[0])
	me.Say("arguments", fmt.Sprintf("%q", os.Args[1:]))
	me.Say("environment", fmt.Sprintf("%q", os.Environ()))
	me.Say("file-0", pointsTo(0))
	me.Say("file-1", pointsTo(1))
	me.Say("file-2", pointsTo(2))
	me.Say("file-3", pointsTo(3))
	me.Say("file-4", pointsTo(4))
	me.Reach("running")
	os.Exit(7)
}

// pointsTo is the name of the file that a descriptor points to, as in proc_pid_fd(5).
func pointsTo(fd int) string {
	path, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd))
	if err != nil {
		return "closed"
	}
	return filepath.Base(path)
}

func open(name string) *os.File {
	f, err := os.Open(name)
	must(err)
	return f
}

func executable() string {
	path, err := os.Executable()
	must(err)
	return path
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
