// Package program is what the scenarios of inheritance run: kit code around the learner's function.
package program

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"forklings/checker/syncpoint"
	"forklings/exercises/15-inheritance"

	"golang.org/x/sys/unix"
)

// Main runs the role named by the first argument.
func Main() {
	me := syncpoint.Asked()
	switch me {
	case "child":
		child(me)

	case "plain":
		inherit()
		must(os.Setenv("COLOR", "green"))
		must(os.Chdir("sub"))
		p := start(me, inheritance.Options{Args: []string{"child", "compare " + environment(), "two words", "", "line\nline"}})
		state, err := p.Wait()
		must(err)
		me.Say("status", state.ExitCode())
		me.Reach("waited")

	case "shared":
		inherit()
		letter, log := openAt(21, "letter.txt", unix.O_RDONLY), openAt(20, "log.txt", unix.O_WRONLY|unix.O_CREAT)
		readLine(letter)
		write(log, "parent")
		start(me, inheritance.Options{Args: []string{"child"}, Files: []*os.File{letter, log}})
		me.Say("close-on-exec", closeOnExec(letter, log))
		me.Say("line", readLine(letter))
		write(log, "parent")
		me.Say("log", words("log.txt"))
		me.Reach("read-on")

	case "given-input":
		inherit()
		letter := openAt(22, "letter.txt", unix.O_RDONLY)
		readLine(letter)
		start(me, inheritance.Options{Args: []string{"child"}, Stdin: letter})
		me.Say("close-on-exec", closeOnExec(letter))
		me.Reach("looked")

	case "chosen":
		inherit()
		before := mine()
		start(me, inheritance.Options{Args: []string{"child"}, Env: []string{"COLOR=blue", "EMPTY=", "SUM=1+1=2"}, Dir: "sub"})
		me.Say("own", compare(before, mine()))
		me.Reach("compared")

	case "empty-environment":
		inherit()
		start(me, inheritance.Options{Args: []string{"child"}, Env: []string{}})

	case "own-folder":
		inherit()
		start(me, inheritance.Options{Args: []string{"child", "compare " + environment()}, Dir: "/proc/self"})

	case "secret":
		inherit()
		letter, known := openAt(12, "letter.txt", unix.O_RDONLY), keep(os.NewFile(10, "known.txt"))
		dupAboveLimit(9)
		me.Reach("starting")
		start(me, inheritance.Options{Args: []string{"child"}, Files: []*os.File{letter, letter, known}})

	case "crossed":
		inherit()
		letter, known := openAt(12, "letter.txt", unix.O_RDONLY), keep(os.NewFile(10, "known.txt"))
		start(me, inheritance.Options{Args: []string{"child"}, Files: append(slices.Repeat([]*os.File{letter}, 8), known)})

	case "since":
		inherit()
		start(me, inheritance.Options{Args: []string{"child"}})
		dup(9, 30)
		start(me, inheritance.Options{Args: []string{"child"}})

	case "missing-directory":
		inherit()
		before := mine()
		o := inheritance.Options{Args: []string{"child"}, Env: []string{"COLOR=blue"}, Dir: "nowhere"}
		_, err := inheritance.Start(o)
		o.Dir = "letter.txt"
		_, other := inheritance.Start(o)
		me.Say("own", compare(before, mine()))
		if err == nil || other == nil {
			me.Reach("accepted")
			return
		}
		me.Say("reason", reason(err))
		me.Reach("refused")

	default:
		fmt.Fprintf(os.Stderr, "inheritance: no role %q\n", me)
		os.Exit(125)
	}
}

// start calls the learner's function.
func start(me syncpoint.Role, o inheritance.Options) *os.Process {
	p, err := inheritance.Start(o)
	must(err)
	me.Say("pid", p.Pid)
	me.Reach("started")
	return p
}

// child tells the scenario what it was given, and then uses and changes it. It opens nothing.
func child(me syncpoint.Role) {
	arguments := os.Args[2:]
	switch {
	case len(arguments) > 0 && arguments[0] == "compare "+environment():
		me.Say("environment", "inherited")
	case len(os.Environ()) > 5:
		me.Say("environment", "many variables")
	default:
		me.Say("environment", sorted(os.Environ()))
	}
	if len(arguments) > 0 {
		me.Say("arguments", fmt.Sprintf("%q", arguments[1:]))
	}
	me.Say("directory", base("/proc/self/cwd"))
	me.Say("input", base("/proc/self/fd/0"))
	me.Say("file-3", base("/proc/self/fd/3"))
	me.Say("file-4", base("/proc/self/fd/4"))
	me.Say("file-5", base("/proc/self/fd/5"))
	me.Say("file-10", base("/proc/self/fd/10"))
	me.Say("file-11", base("/proc/self/fd/11"))
	me.Reach("running")
	fmt.Println("written to the output")
	fmt.Fprintln(os.Stderr, "written to the error output")
	if base("/proc/self/fd/4") == "log.txt" {
		me.Say("line", readLine(os.NewFile(3, "letter.txt")))
		write(os.NewFile(4, "log.txt"), "child")
	}
	if base("/proc/self/fd/0") == "letter.txt" {
		me.Say("line", readLine(os.Stdin))
	}
	must(os.Setenv("COLOR", "red"))
	must(os.Chdir("/"))
	me.Reach("changed")
	os.Exit(7)
}

// inherited is the last argument of a program that has begun again.
const inherited = "inherited"

// files are made by the program itself, so that it can be run by hand too. There is a folder sub beside them.
var files = map[string]string{
	"input.txt": "for the parent\n", "secret.txt": "42\n", "known.txt": "43\n", "letter.txt": "one\ntwo\nthree\nfour\n",
}

// inherit runs this program again, so that it has inherited what it did not open: input.txt as its standard input, secret.txt
// as 3, 9 and 251, known.txt as 10. None of them has close-on-exec. A shell opens 3, as the Go runtime may have something there.
func inherit() {
	if os.Args[len(os.Args)-1] == inherited {
		return
	}
	for name, text := range files {
		must(os.WriteFile(name, []byte(text), 0o600))
	}
	must(os.Mkdir("sub", 0o700))
	for fd, name := range map[int]string{0: "input.txt", 9: "secret.txt", 10: "known.txt", 251: "secret.txt"} {
		openAt(fd, name, unix.O_RDONLY)
		_, err := unix.FcntlInt(uintptr(fd), unix.F_SETFD, 0)
		must(err)
	}
	exe, err := os.Executable()
	must(err)
	again := append([]string{"sh", "-c", `exec "$0" "$@" 3<secret.txt`, exe}, os.Args[1:]...)
	must(syscall.Exec("/bin/sh", append(again, inherited), os.Environ()))
}

// dupAboveLimit opens fd a second time, at the highest number that this machine allows up to 100,000, and lowers the
// limit then: what is open stays open. Go has raised the limit as far as it may. For more, the kernel's table of
// descriptors, which every fork copies, would take megabytes.
func dupAboveLimit(fd int) {
	var limit unix.Rlimit
	must(unix.Getrlimit(unix.RLIMIT_NOFILE, &limit))
	dup(fd, int(min(limit.Cur-1, 100_000)))
	limit.Cur = 256
	must(unix.Setrlimit(unix.RLIMIT_NOFILE, &limit))
}

// dup opens fd a second time, without close-on-exec.
func dup(fd, number int) { must(unix.Dup3(fd, number, 0)) }

// openAt opens a file as the descriptor of this number, with close-on-exec. Low numbers are the Go runtime's.
func openAt(fd int, name string, flags int) *os.File {
	n, err := unix.Open(name, flags|unix.O_CLOEXEC, 0o600)
	must(err)
	if n != fd {
		must(unix.Dup3(n, fd, unix.O_CLOEXEC))
		must(unix.Close(n))
	}
	return keep(os.NewFile(uintptr(fd), name))
}

// keep keeps the garbage collector from closing a file that nobody uses any more.
func keep(f *os.File) *os.File {
	kept = append(kept, f)
	return f
}

var kept []*os.File

// readLine reads to the end of the line and no byte more.
func readLine(f *os.File) string {
	line, b := "", make([]byte, 1)
	for {
		if n, _ := f.Read(b); n == 0 || b[0] == '\n' {
			return line
		}
		line += string(b)
	}
}

func write(f *os.File, word string) {
	_, err := f.WriteString(word + "\n")
	must(err)
}

// words are those in the file.
func words(name string) string {
	b, err := os.ReadFile(name)
	must(err)
	return strings.Join(strings.Fields(string(b)), " ")
}

// environment is this process's, without PWD, as text.
func environment() string {
	return sorted(slices.DeleteFunc(os.Environ(), func(s string) bool { return strings.HasPrefix(s, "PWD=") }))
}

func sorted(env []string) string { return fmt.Sprintf("%q", slices.Sorted(slices.Values(env))) }

// closeOnExec tells whether the files have it still, as openAt has set it.
func closeOnExec(files ...*os.File) string {
	for _, f := range files {
		if flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC == 0 {
			return "cleared"
		}
	}
	return "kept"
}

// mine is what Start leaves as it is: environment and directory.
func mine() [2]string {
	dir, err := os.Readlink("/proc/self/cwd")
	must(err)
	return [2]string{environment() + os.Getenv("PWD"), dir}
}

func compare(before, after [2]string) string {
	switch {
	case before[0] != after[0]:
		return "environment changed"
	case before[1] != after[1]:
		return "directory changed"
	}
	return "unchanged"
}

// base is the last part of what a link of /proc points to.
func base(link string) string {
	path, err := os.Readlink(link)
	if err != nil {
		return "closed"
	}
	return filepath.Base(path)
}

func reason(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "not there"
	}
	return "unknown"
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
