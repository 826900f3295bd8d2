package program

import (
	"os"
	"os/exec"
	"runtime"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/37-abandoned-lock"

	"golang.org/x/sys/unix"
)

// cutter has a child that moves money, repairs what was left half-done, or becomes an owner that is told. It is killed after its
// first change in the folder, and the next one after its second change, until one comes to its end. Each time it looks what is left.
func cutter(me syncpoint.Role) {
	what := os.Args[2]
	for n, cuts, whole := 1, true, true; cuts && whole; n++ {
		must(os.RemoveAll("bank"))
		must(os.Mkdir("bank", 0o700))
		must(os.WriteFile("bank/from", []byte("100\n"), 0o600))
		must(os.WriteFile("bank/to", []byte("30\n"), 0o600))
		switch what {
		case "repair":
			cutAt("half-done", 1)
		case "acquire":
			cutAt("owner", 1)
		}
		cuts = cutAt(what, n)
		if what == "acquire" {
			whole = acquire(me, abandonedlock.New("bank/lock"))
			continue
		}
		must(abandonedlock.Repair("bank"))
		found := numbersIn("bank")
		me.Say("numbers", found)
		whole = found == "100 30" || found == "60 70"
		if whole {
			must(abandonedlock.Move("bank", 1, func() {})) // whatever the killed one has left beside the numbers
		}
	}
	me.Reach("done")
}

// cutAt starts a child that stops after each change, kills it at the nth stop, and reports whether it came to that.
func cutAt(what string, n int) bool {
	exe, err := os.Executable()
	must(err)
	child := exec.Command(exe, "cut", what)
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	must(child.Start())
	pid := child.Process.Pid
	for {
		var status unix.WaitStatus
		_, err := unix.Wait4(pid, &status, unix.WUNTRACED, nil)
		switch {
		case err == unix.EINTR:
		case err != nil:
			must(err)
		case !status.Stopped():
			return status.Signaled()
		case n == 1:
			must(unix.Kill(pid, unix.SIGKILL))
		default:
			n--
			must(unix.Kill(pid, unix.SIGCONT))
		}
	}
}

// cut is the child. It is killed in between or as the owner, or it stops at every change that it makes.
func cut(what string) {
	runtime.LockOSThread() // for StopAt
	killed := func() { must(unix.Kill(os.Getpid(), unix.SIGKILL)) }
	if what != "half-done" && what != "owner" {
		arrange.StopAt("bank", arrange.EveryChange)
	}
	switch what {
	case "half-done":
		must(abandonedlock.Move("bank", 40, killed))
	case "owner":
		_, err := abandonedlock.New("bank/lock").Acquire()
		must(err)
		killed()
	case "move":
		must(abandonedlock.Move("bank", 40, func() {}))
	case "repair":
		must(abandonedlock.Repair("bank"))
	case "acquire":
		_, err := abandonedlock.New("bank/lock").Acquire()
		must(err)
		os.Exit(0) // without Release
	}
}
