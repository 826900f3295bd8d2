// Package program is what the scenarios of shared-memory run: kit code around the learner's functions.
package program

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/16-shared-memory"
)

// Changes of a number. Their order matters: who does the first and the second to 41 gets 254 in the one order and
// 257 in the other, and anything else when one of them is lost or was mixed with the other.
var changes = map[syncpoint.Role]func(old int64) int64{
	"first":  func(old int64) int64 { return 2*old + 1 },
	"second": func(old int64) int64 { return 3*old + 5 },
	"third":  func(old int64) int64 { return old + 100 },

	// It leaves the lower half of a small number as it is.
	"upper": func(old int64) int64 { return old + old<<32 },

	// It leaves a child behind, which inherits what is open in update.
	"starter": func(old int64) int64 { return old },
}

// Main runs the role named by the first argument. A child has its number, or its view, at descriptor 3.
func Main() {
	me := arrange.Role("creator|giver|collector VALUE [ROLE...]")
	switch me {
	case "creator", "giver", "collector":
		create(me)

	case "first", "second", "third", "upper", "starter":
		me.Reach("begun")
		n := open(me)
		me.Reach("opened")
		must(n.Update(held(me, "between", changes[me])))
		me.Say("value", n.Load())
		me.Reach("updated")
		must(n.Close())
		me.Say("mapped", len(shared()))
		me.Reach("closed")

	case "watcher":
		n := open(me)
		memory := n.Memory()
		me.Reach("opened")
		me.Say("value", n.Load())
		me.Say("memory", number(memory))
		me.Reach("looked")

	case "middle":
		n := open(me)
		collectGarbage()
		for range 2 { // each call gives a new descriptor
			view, err := n.ViewFile()
			must(err)
			start("reader", view)
			must(view.Close())
		}
		me.Reach("started")

	case "relay": // hands the number on, and closes it
		n := open(me)
		me.Reach("opened")
		start("first", n.File())
		must(n.Close())
		me.Reach("closed")

	case "reader", "writer", "mapper":
		look(me)

	case "goroutines":
		goroutines(me)

	case "panicker":
		panicker(me)

	case "closes-others":
		closesOthers(me)

	case "two-numbers":
		twoNumbers(me)

	case "both":
		me.Reach("begun")
		one, err := sharedmemory.Open(os.NewFile(3, "one"))
		must(err)
		other, err := sharedmemory.Open(os.NewFile(4, "other"))
		must(err)
		me.Say("values", fmt.Sprint(one.Load(), " ", other.Load()))
		me.Reach("opened")

	case "many":
		many(me)

	case "adder":
		add(me)

	case "stayer":
		me.Reach("held")

	case "inspector":
		me.Say("left", left())
		me.Reach("looked")

	default:
		fmt.Fprintf(os.Stderr, "shared-memory: no role %q\n", me)
		os.Exit(125)
	}
}

// create makes a number with the value of the second argument, and starts the children that the others name.
func create(me syncpoint.Role) {
	value, err := strconv.ParseInt(os.Args[2], 10, 64)
	must(err)
	n, err := sharedmemory.Create(value)
	must(err)
	memory := n.Memory() // what is stored later shows in it
	if me == "collector" {
		collectGarbage()
	}
	note()
	me.Say("value", n.Load())
	me.Reach("created")
	var last *exec.Cmd
	for _, role := range os.Args[3:] {
		if role == "reader" || role == "writer" || role == "mapper" {
			view, err := n.ViewFile()
			must(err)
			last = start(role, view)
			must(view.Close())
		} else {
			last = start(role, n.File())
		}
	}
	me.Reach("started")
	if me == "giver" {
		must(n.Update(held(me, "between", changes["third"])))
	}
	me.Say("value", n.Load())
	me.Say("memory", number(memory))
	me.Reach("looked")
	if last != nil {
		last.Wait()
		me.Say("end", last.ProcessState)
		me.Say("value", n.Load())
		me.Say("memory", number(memory))
		me.Reach("awaited")
	}
	must(n.Close())
	me.Say("mapped", len(shared()))
	me.Reach("closed")
}

// look is what a child does with a view.
func look(me syncpoint.Role) {
	me.Reach("begun")
	if me == "mapper" {
		write, mmap := tryToWrite()
		me.Say("write", verdict(write))
		me.Say("mmap", verdict(mmap))
	}
	v, err := sharedmemory.OpenView(os.NewFile(3, "view"))
	must(err)
	me.Say("inherited", inherited())
	memory := v.Memory()
	me.Say("value", v.Load())
	me.Reach("opened")
	me.Say("value", v.Load())
	me.Say("memory", number(memory))
	me.Reach("looked")
	switch me {
	case "writer":
		memory[7] ^= 0xff
		me.Reach("wrote")
	case "mapper":
		me.Say("mprotect", verdict(makeWritable(memory)))
		me.Reach("asked")
	}
	must(v.Close())
	me.Say("mapped", len(shared()))
	me.Reach("closed")
}

// goroutines updates in two goroutines of one process.
func goroutines(me syncpoint.Role) {
	n, err := sharedmemory.Create(41)
	must(err)
	go sleep()
	done := make(chan bool)
	go func() {
		must(n.Update(held(me, "between", changes["first"])))
		me.Reach("updated")
		close(done)
	}()
	me.Reach("beside") // held here until the goroutine is inside
	must(n.Update(changes["second"]))
	me.Reach("beside-updated")
	<-done
	me.Say("value", n.Load())
	me.Reach("both-updated")
}

func panicker(me syncpoint.Role) {
	n, err := sharedmemory.Create(41)
	must(err)
	go sleep()
	func() {
		defer func() { me.Say("panic", recover()) }()
		n.Update(func(int64) int64 { panic("out of paper") })
	}()
	me.Reach("panicked")
	must(n.Update(changes["third"]))
	me.Say("value", n.Load())
	me.Reach("updated")
	must(n.Close())
	me.Reach("closed")
}

// closesOthers is inside of an Update while other descriptors and mappings of the same memory come and go.
func closesOthers(me syncpoint.Role) {
	n, err := sharedmemory.Create(41)
	must(err)
	start("second", n.File())
	done := make(chan bool)
	go func() {
		must(n.Update(held(me, "between", changes["first"])))
		close(done)
	}()
	me.Reach("beside") // held here until the goroutine is inside
	copied, err := syscall.Dup(int(n.File().Fd()))
	must(err)
	again, err := sharedmemory.Open(os.NewFile(uintptr(copied), "again"))
	must(err)
	file, err := n.ViewFile()
	must(err)
	view, err := sharedmemory.OpenView(file)
	must(err)
	me.Say("values", fmt.Sprint(n.Load(), " ", again.Load(), " ", view.Load()))
	must(view.Close())
	must(again.Close())
	me.Reach("closed-others")
	<-done
	me.Reach("updated")
	me.Say("value", n.Load())
	me.Reach("looked")
}

// twoNumbers updates one number while a goroutine is inside of an Update of the other.
func twoNumbers(me syncpoint.Role) {
	one, err := sharedmemory.Create(1)
	must(err)
	other, err := sharedmemory.Create(2)
	must(err)
	start("both", one.File(), other.File())
	me.Reach("started")
	done := make(chan bool)
	go func() {
		must(one.Update(held(me, "between", changes["first"])))
		close(done)
	}()
	me.Reach("beside") // held here until the goroutine is inside
	must(other.Update(changes["third"]))
	me.Reach("other-updated")
	<-done
	me.Say("values", fmt.Sprint(one.Load(), " ", other.Load()))
	me.Reach("updated")
}

// open opens the number that this process was handed.
func open(me syncpoint.Role) *sharedmemory.Number {
	n, err := sharedmemory.Open(os.NewFile(3, "number"))
	must(err)
	me.Say("inherited", inherited())
	me.Say("value", n.Load())
	return n
}

// held is held inside, at the first call and at the second: more may follow.
func held(me syncpoint.Role, point string, update func(int64) int64) func(int64) int64 {
	calls := 0
	return func(old int64) int64 {
		switch calls++; calls {
		case 1:
			if me == "starter" {
				start("stayer")
			}
			note()
			me.Reach(point)
		case 2:
			me.Reach(point + "-again")
		}
		return update(old)
	}
}

// start starts this program again, with these files at descriptor 3 and on.
func start(role string, files ...*os.File) *exec.Cmd {
	exe, err := os.Executable()
	must(err)
	child := exec.Command(exe, role)
	child.Stdout, child.Stderr, child.ExtraFiles = os.Stdout, os.Stderr, files
	must(child.Start())
	return child
}

// sleep never returns. Beside it the Go runtime takes no wait inside the process for a deadlock, and the scenario says
// what is wrong.
func sleep() {
	for {
		syscall.Pause()
	}
}

func verdict(err error) string {
	if err == nil {
		return "nil"
	}
	return "error"
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
