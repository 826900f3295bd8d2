// Package program is what the scenarios of abandoned-lock run: kit code around the learner's functions.
package program

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/37-abandoned-lock"

	"golang.org/x/sys/unix"
)

// Main runs the role named by the first argument. The second one is a lock, or the folder of two numbers.
func Main() {
	me := arrange.Role(`
		owner|regular|leaver|parent LOCK
		both LOCK LOCK
		setter|mover|follower|panicker FOLDER VALUE
		refused|blocked|blocked-both|sealed|repairer|clerk FOLDER
		hindered|hindered-repair FOLDER from|to
		cutter move|repair|acquire`)
	switch me {
	case "owner":
		lock := abandonedlock.New(os.Args[2])
		me.Reach("ready")
		acquire(me, lock)
		me.Reach("inside")
		me.Reach("leaving")
		must(lock.Release())
		me.Reach("released")

	case "regular":
		lock := abandonedlock.New(os.Args[2])
		acquire(me, lock)
		me.Reach("inside")
		must(lock.Release())
		me.Reach("released")
		acquire(me, lock)
		me.Reach("inside-again")
		must(lock.Release())
		me.Reach("released-again")

	case "leaver":
		me.Reach("ready")
		acquire(me, abandonedlock.New(os.Args[2]))
		me.Reach("inside")
		os.Exit(0)

	case "setter":
		acquire(me, abandonedlock.New(filepath.Join(os.Args[2], "lock")))
		must(os.WriteFile(filepath.Join(os.Args[2], "from"), []byte(os.Args[3]), 0o600)) // no newline
		me.Reach("inside")

	case "both":
		lock := abandonedlock.New(os.Args[2])
		acquire(me, lock)
		acquire(me, abandonedlock.New(os.Args[3]))
		me.Reach("inside")
		must(lock.Release())
		me.Reach("released")

	case "parent":
		acquire(me, abandonedlock.New(os.Args[2]))
		haveChild()
		me.Reach("inside")

	case "child", "bystander":
		me.Reach("held")

	case "mover":
		move(me, func() { me.Reach("between") })
		me.Reach("moved")

	case "follower":
		move(me, func() { me.Reach("between") })
		me.Say("numbers", numbers())
		me.Reach("moved")

	case "panicker":
		move(me, func() { panic("out of paper") })

	case "refused":
		err := abandonedlock.Move(os.Args[2], 40, func() {})
		me.Say("error", err != nil)
		from, err := os.ReadFile(filepath.Join(os.Args[2], "from"))
		if os.IsNotExist(err) {
			from, err = []byte("nothing"), nil
		}
		must(err)
		me.Say("from", strings.TrimSpace(string(from)))
		me.Reach("refused")

	case "blocked":
		var restore func()
		err := abandonedlock.Move(os.Args[2], 40, func() { restore = replace("to") })
		me.Say("error", err != nil)
		restore()
		me.Say("numbers", numbers())
		me.Reach("refused")

	case "blocked-both":
		var restoreFrom, restoreTo func()
		err := abandonedlock.Move(os.Args[2], 40, func() { restoreFrom, restoreTo = replace("from"), replace("to") })
		me.Say("error", err != nil)
		restoreFrom()
		restoreTo()
		me.Say("numbers", numbers())
		me.Reach("refused")

	case "sealed":
		restore := seal("from")
		err := abandonedlock.Move(os.Args[2], 40, func() {})
		me.Say("error", err != nil)
		me.Say("numbers", numbers())
		restore()
		me.Reach("refused")

	case "hindered-repair":
		restore := replace(os.Args[3])
		err := abandonedlock.Repair(os.Args[2])
		restore()
		me.Say("error", err != nil)
		me.Say("numbers", numbers())
		me.Reach("refused")

	case "hindered":
		restore := replace(os.Args[3])
		err := abandonedlock.Move(os.Args[2], 5, func() {})
		me.Say("error", err != nil)
		restore()
		me.Reach("refused")

	case "repairer":
		me.Reach("ready")
		must(abandonedlock.Repair(os.Args[2]))
		me.Say("numbers", numbers())
		me.Reach("repaired")

	case "cutter":
		cutter(me)
	case "cut":
		cut(os.Args[2])

	case "clerk":
		me.Say("numbers", numbers())
		me.Reach("counted")

	default:
		fmt.Fprintf(os.Stderr, "abandoned-lock: no role %q\n", me)
		os.Exit(125)
	}
}

// acquire takes the lock, and says what Acquire told.
func acquire(me syncpoint.Role, lock *abandonedlock.Lock) (abandoned bool) {
	abandoned, err := lock.Acquire()
	must(err)
	me.Say("abandoned", abandoned)
	return abandoned
}

// move moves the amount that the third argument names.
func move(me syncpoint.Role, between func()) {
	amount, err := strconv.Atoi(os.Args[3])
	must(err)
	me.Reach("ready")
	must(abandonedlock.Move(os.Args[2], amount, between))
}

// replace puts a folder in the place of a number, until restore is called.
func replace(name string) (restore func()) {
	path := filepath.Join(os.Args[2], name)
	arrange.Aside(func() {
		must(os.Rename(path, path+".aside"))
		must(os.Mkdir(path, 0o700))
	})
	return func() {
		arrange.Aside(func() {
			must(os.RemoveAll(path))
			must(os.Rename(path+".aside", path))
		})
	}
}

// seal makes a number one that can be read and not written, by nobody (F_SEAL_WRITE in fcntl(2)), until restore is called.
// Whoever puts a new file in its place has written it, and restore leaves that.
func seal(name string) (restore func()) {
	path := filepath.Join(os.Args[2], name)
	var text []byte
	arrange.Aside(func() { text = sealed(path, name) })
	return func() {
		arrange.Aside(func() {
			if info, err := os.Lstat(path); err == nil && info.Mode().Type() == os.ModeSymlink {
				must(os.Remove(path))
				must(os.WriteFile(path, text, 0o600))
			}
		})
	}
}

// sealed does that, and gives what stood there.
func sealed(path, name string) []byte {
	text, err := os.ReadFile(path)
	must(err)
	fd, err := unix.MemfdCreate(name, unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	must(err)
	_, err = unix.Write(fd, text)
	must(err)
	_, err = unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, unix.F_SEAL_WRITE|unix.F_SEAL_SHRINK|unix.F_SEAL_GROW)
	must(err)
	must(os.Remove(path))
	must(os.Symlink(fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), fd), path))
	return text
}

// numbers are what stands in both files, read without the lock.
func numbers() string { return numbersIn(os.Args[2]) }

func numbersIn(dir string) string {
	from, err := os.ReadFile(filepath.Join(dir, "from"))
	must(err)
	to, err := os.ReadFile(filepath.Join(dir, "to"))
	must(err)
	return strings.TrimSpace(string(from)) + " " + strings.TrimSpace(string(to))
}

// haveChild starts a child that is handed nothing but the output.
func haveChild() {
	exe, err := os.Executable()
	must(err)
	child := exec.Command(exe, "child")
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	must(child.Start())
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
