// Package program is what the scenarios of tickets run: kit code around the learner's functions.
package program

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/36-tickets"

	"golang.org/x/sys/unix"
)

// Main runs the role named by the first argument.
func Main() {
	me := arrange.Role(`
		opener FOLDER [TICKETS]
		namer FOLDER NAME
		buyer FOLDER HOW...
		searcher|clerk|inspector FOLDER`)
	switch me {
	case "opener": // makes the folder, and with a third argument a data.json of so many tickets
		must(os.MkdirAll(os.Args[2], 0o755))
		if len(os.Args) > 3 {
			must(os.WriteFile(data(os.Args[2]), []byte(`{"count": `+os.Args[3]+"}\n"), 0o644))
		}

	case "namer": // gives the folder a second name
		must(os.Symlink(os.Args[2], os.Args[3]))

	case "child": // lives on after the buyer that has started it
		me.Reach("playing")

	case "buyer": // buys a ticket for each further argument, which says how it pays
		runtime.LockOSThread() // for StopAt
		me.Reach("ready")
		for _, how := range os.Args[3:] {
			buy(me, os.Args[2], how)
			me.Reach("bought")
		}

	case "searcher": // looks, and looks again
		me.Reach("looking")
		look(me, os.Args[2])
		me.Reach("looked")
		look(me, os.Args[2])
		me.Reach("looked-again")

	case "clerk": // reads data.json by itself
		me.Say("counts", count(os.Args[2]))
		me.Reach("counted")

	case "inspector":
		inspect(me, os.Args[2])
		me.Reach("inspected")

	default:
		fmt.Fprintf(os.Stderr, "tickets: no role %q\n", me)
		os.Exit(125)
	}
}

var errBroke = errors.New("no money")

// noPurse is what pay panics with.
const noPurse = "lost the purse"

// look calls Left once, and says what it came back with.
func look(me syncpoint.Role, dir string) {
	returned := me.Call(dir, "look")
	n := left(dir)
	returned(n)
	me.Say("left", n)
}

// buy calls Buy once, and says what it came back with.
func buy(me syncpoint.Role, dir, how string) {
	returned := me.Call(dir, "take")
	if how == "panics" {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			what := "panic"
			if p != any(noPurse) {
				what = "another panic"
			}
			returned(what)
			me.Say("bought", what)
		}()
	}
	stored := 0 // what data.json holds afterwards, if Buy tells the truth
	sold, err := tickets.Buy(dir, func(left int) error {
		stored = left
		me.Say("told", left)
		me.Reach("paying")
		return pay(me, dir, how)
	})
	if how == "fills-disk" {
		emptyDisk()
		if sold {
			stored--
		}
		me.Say("honest", sold == (err == nil) && count(dir) == fmt.Sprint(stored))
	}
	what := outcome(sold, err)
	returned(what)
	me.Say("bought", what)
}

func outcome(sold bool, err error) string {
	switch {
	case errors.Is(err, errBroke) && !sold:
		return "broke"
	case err != nil && !sold:
		fmt.Fprintln(os.Stderr, err)
		return "error"
	case err != nil:
		return "sold, and an error"
	case sold:
		return "sold"
	}
	return "nothing"
}

// pay is what happens inside the critical section, after the point paying.
func pay(me syncpoint.Role, dir, how string) error {
	switch how {
	case "is-broke":
		return errBroke
	case "panics":
		panic(noPurse)
	case "looks":
		me.Say("inside", left(dir))
		me.Reach("looked-inside")
	case "buys-in-west":
		west := filepath.Join(filepath.Dir(dir), "west")
		_, err := tickets.Buy(west, func(left int) error {
			me.Say("told-there", left)
			me.Reach("paying-there")
			arrange.StopAt(west, arrange.NextChange)
			return nil
		})
		return err
	case "is-stopped":
		arrange.StopAt(dir, arrange.NextChange)
	case "sends-child":
		start("child")
		arrange.StopAt(dir, arrange.NextChange)
	case "is-watched":
		arrange.StopAt(dir, arrange.EveryChange)
	case "fills-disk":
		fillDisk()
	case "pays":
	default:
		must(fmt.Errorf("nobody pays like %q", how))
	}
	return nil
}

// left is what Left says.
func left(dir string) string {
	n, err := tickets.Left(dir)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return "error"
	}
	return fmt.Sprint(n)
}

func data(dir string) string { return filepath.Join(dir, "data.json") }

// count is what data.json says to somebody who knows nothing of the learner's package.
func count(dir string) string {
	text, err := os.ReadFile(data(dir))
	if err != nil {
		return "missing"
	}
	return parse(text)
}

func parse(text []byte) string {
	var d map[string]int
	if err := json.Unmarshal(text, &d); err != nil {
		return "torn"
	}
	if n, ok := d["count"]; ok {
		return fmt.Sprint(n)
	}
	return "no count"
}

// inspect reads data.json, and looks who may read it, whenever a buyer changes anything in the folder, and another time
// from before the sale to after it: what is read so is the old file.
func inspect(me syncpoint.Role, dir string) {
	file, err := os.Open(data(dir))
	must(err)
	head := make([]byte, 11) // into the number
	_, err = io.ReadFull(file, head)
	must(err)

	before := readers(dir)
	buyer := start("buyer", dir, "is-watched")
	seen, lost := []string{count(dir)}, os.FileMode(0)
	for {
		var status unix.WaitStatus
		_, err := unix.Wait4(buyer.Process.Pid, &status, unix.WUNTRACED, nil)
		if err == unix.EINTR {
			continue
		}
		must(err)
		if now := count(dir); now != seen[len(seen)-1] {
			seen = append(seen, now)
		}
		if _, torn := strconv.Atoi(seen[len(seen)-1]); torn != nil {
			break // so that this moment is the last one
		}
		if lost = before &^ readers(dir); lost != 0 || !status.Stopped() {
			break
		}
		unix.Kill(buyer.Process.Pid, unix.SIGCONT)
	}
	me.Say("saw", strings.Join(seen, " "))
	tail, err := io.ReadAll(file)
	must(err)
	me.Say("read-on", parse(append(head, tail...)))
	me.Say("same-readers", lost == 0)
}

// readers tells who may read data.json: its owner, its group, others; nobody, where there is none.
func readers(dir string) os.FileMode {
	file, err := os.Stat(data(dir))
	if err != nil {
		return 0
	}
	return file.Mode() & 0o444
}

// start starts this program in another role.
func start(args ...string) *exec.Cmd {
	exe, err := os.Executable()
	must(err)
	cmd := exec.Command(exe, args...)
	cmd.Stderr = os.Stderr
	must(cmd.Start())
	return cmd
}

// fillDisk makes every write to a file of this process fail, with EFBIG (setrlimit(2)); emptyDisk ends that.
func fillDisk() {
	signal.Ignore(syscall.SIGXFSZ)
	limitFiles(func(limit *unix.Rlimit) { limit.Cur = 0 })
}

func emptyDisk() { limitFiles(func(limit *unix.Rlimit) { limit.Cur = limit.Max }) }

func limitFiles(change func(*unix.Rlimit)) {
	var limit unix.Rlimit
	must(unix.Getrlimit(unix.RLIMIT_FSIZE, &limit))
	change(&limit)
	must(unix.Setrlimit(unix.RLIMIT_FSIZE, &limit))
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
