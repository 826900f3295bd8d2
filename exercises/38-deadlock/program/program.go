// Package program is what the scenarios of deadlock run: kit code around the learner's function.
package program

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/38-deadlock"
)

// Main runs the role named by the first argument.
func Main() {
	me := arrange.Role("transfer|tidy|beginner|writer FOLDER (FROM TO AMOUNT)...")
	switch me {
	case "beginner", "writer":
		runtime.LockOSThread() // for StopAt
		transfer(me, os.Args[2], os.Args[3:]...)
	case "transfer", "tidy":
		transfer(me, os.Args[2], os.Args[3:]...)

	case "forth":
		transfer(me, "bank", "anna", "ben", "30")

	case "back":
		transfer(me, "bank", "ben", "anna", "50")

	case "crossing":
		openBank()
		forth, back := child("forth"), child("back")
		must(forth.Wait())
		must(back.Wait())
		me.Say("accounts", accounts())
		me.Reach("counted")

	case "clerk":
		me.Say("accounts", accounts())
		me.Reach("counted")

	default:
		fmt.Fprintf(os.Stderr, "deadlock: no role %q\n", me)
		os.Exit(125)
	}
}

// transfer makes transfers, each from, to and amount, and tells what came of them. In the folder "." the process works
// in the bank itself. A tidy one collects garbage while it is inside. A beginner stops at the first change that it makes in the
// folder, and a writer at the first one behind inside.
func transfer(me syncpoint.Role, dir string, transfers ...string) {
	if dir == "." {
		must(os.Chdir("bank"))
	}
	me.Reach("ready")
	if me == "beginner" {
		arrange.StopAt(dir, arrange.NextChange)
	}
	result := "nil"
	for t := range slices.Chunk(transfers, 3) {
		amount, err := strconv.Atoi(t[2])
		must(err)
		err = deadlock.Transfer(dir, t[0], t[1], amount, func() {
			if me == "tidy" {
				collect()
			}
			me.Reach("inside")
			me.Reach("leaving")
			if me == "writer" {
				arrange.StopAt(dir, arrange.NextChange)
			}
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			result = "error"
		}
	}
	me.Say("result", result)
	me.Reach("done")
}

// collect has the garbage collector close the files that nobody refers to any more.
func collect() {
	done := make(chan bool)
	runtime.AddCleanup(new([64]byte), func(c chan bool) { close(c) }, done)
	runtime.GC()
	<-done
}

// accounts gives all accounts of the bank with what they hold; names with a dot in them are the learner's own.
func accounts() string {
	files, err := os.ReadDir("bank")
	must(err)
	var all []string
	for _, f := range files {
		if strings.Contains(f.Name(), ".") {
			continue
		}
		text, err := os.ReadFile(filepath.Join("bank", f.Name()))
		if err != nil {
			text = []byte("unreadable")
		}
		all = append(all, f.Name()+"="+strings.TrimSpace(string(text)))
	}
	return strings.Join(all, " ")
}

// openBank opens a bank with two accounts, unless there is one.
func openBank() {
	if os.Mkdir("bank", 0o755) == nil {
		must(os.WriteFile("bank/anna", []byte("100\n"), 0o644))
		must(os.WriteFile("bank/ben", []byte("100\n"), 0o644))
	}
}

// child starts this program in another role.
func child(role string) *exec.Cmd {
	exe, err := os.Executable()
	must(err)
	cmd := exec.Command(exe, role)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	must(cmd.Start())
	return cmd
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
