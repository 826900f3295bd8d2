package program

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"

	"forklings/checker/syncpoint"

	"golang.org/x/sys/unix"
)

// haveTopBelow has a parent with a child in a PID namespace of their own, in which the parent is not PID 1, and its own
// parent cannot be seen: getppid(2) is 0 there (pid_namespaces(7)). A process that joins a namespace by setns(2) is in the same case.
func haveTopBelow(me syncpoint.Role) {
	cmd := exec.Command("/proc/self/exe")
	cmd.Args = []string{"some-name", "outside-parent"}
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{
		// Its user has no number in there, and needs none: to give root one takes a capability (user_namespaces(7)).
		Cloneflags:  unix.CLONE_NEWUSER | unix.CLONE_NEWNS,
		AmbientCaps: []uintptr{unix.CAP_SYS_ADMIN},
	}
	out, err := cmd.StdoutPipe()
	must(err)
	word := "refused\n"
	if err := cmd.Start(); err == nil {
		word, _ = bufio.NewReader(out).ReadString('\n')
	} else {
		fmt.Fprintln(os.Stderr, err)
	}
	me.Say("namespace", strings.TrimSpace(word))
	me.Reach("up")
}

// outsideParent makes the namespace for its children. The first of them is PID 1 in it, and gives it a /proc; the next one is the
// parent.
func outsideParent() {
	runtime.LockOSThread()      // the namespace is for children of this thread
	os.FindProcess(os.Getpid()) // for which the Go runtime tries out by a child what the kernel can do: it is not to be the first
	if unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, "") != nil || unix.Unshare(unix.CLONE_NEWPID) != nil {
		fmt.Println("refused")
		return
	}
	keeper := exec.Command("/proc/self/exe")
	keeper.Args = []string{"some-name", "first"}
	keeper.Stderr = os.Stderr
	mounted, err := keeper.StdoutPipe()
	must(err)
	_, err = keeper.StdinPipe() // open for as long as this process lives
	must(err)
	exe, err := os.Executable() // whose /proc is another one soon
	must(err)
	must(keeper.Start())
	word, _ := bufio.NewReader(mounted).ReadString('\n')
	if word != "made\n" {
		fmt.Println("refused")
		return
	}
	parent := exec.Command(exe)
	parent.Args = []string{"some-name", "parent"}
	parent.Stderr = os.Stderr
	must(parent.Start())
	fmt.Print(word)
	parent.Wait() // how that ended says nothing about this process
	keeper.Wait()
}

// first is PID 1, and stays.
func first() {
	if err := unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		fmt.Fprintln(os.Stderr, err)
		fmt.Println("refused")
		return
	}
	fmt.Println("made")
	os.Stdin.Read(make([]byte, 1))
}
