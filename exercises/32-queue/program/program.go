// Package program is what the scenarios of queue run: kit code around the learner's functions.
package program

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/32-queue"
)

// Main runs the role named by the first argument. A child finds the queue's files at descriptor 3 and on; the second
// argument tells how many there are.
func Main() {
	me := arrange.Role(`
		creator [NAME:STEPS...]
		one|two|three|four|five|six|middle|pair FILES STEPS`)
	doze()
	switch me {
	case "creator": // starts children, and may do something itself
		base := descriptors()
		q, err := queue.New()
		must(err)
		note()
		var own string
		var children sync.WaitGroup
		u := &user{me: me, q: q, base: base, children: map[string]*exec.Cmd{}}
		for _, spec := range os.Args[2:] {
			if ops, ok := strings.CutPrefix(spec, "creator:"); ok {
				own = ops
				continue
			}
			child := start(spec, q)
			u.children[child.Args[1]] = child
			children.Go(func() { child.Wait() })
		}
		u.work(own)
		children.Wait()

	case "one", "two", "three", "four", "five", "six":
		me.Reach("begun")
		base := descriptors()
		files, ops := handed()
		q, err := queue.Open(files)
		must(err)
		note()
		me.Reach("opened")
		(&user{me: me, q: q, base: base - len(files)}).work(ops)
		me.Reach("done")

	case "middle": // hands on what it was handed, and ends
		files, spec := handed()
		q, err := queue.Open(files)
		must(err)
		start(spec, q)

	case "both": // has two queues
		two(me)

	case "goroutines": // gets in one, and puts in another one
		q, err := queue.New()
		must(err)
		u := &user{me: me, q: q}
		go u.get()
		me.Reach("beside") // held here until the goroutine sleeps
		u.put("a")
		select {}

	case "pair": // puts in two goroutines
		files, ops := handed()
		q, err := queue.Open(files)
		must(err)
		u := &user{me: me, q: q}
		first, second, _ := strings.Cut(ops, ",")
		go u.put(first)
		me.Reach("beside") // held here until the goroutine sleeps, or is done
		u.put(second)
		select {}

	case "roomless":
		roomless(me)

	case "stayer": // lives on after the process that has started it
		me.Reach("held")

	case "inspector":
		me.Say("left", left())
		me.Reach("looked")

	default:
		fmt.Fprintf(os.Stderr, "queue: no role %q\n", me)
		os.Exit(125)
	}
}

// user is who has the queue open.
type user struct {
	me          syncpoint.Role
	q           *queue.Queue
	got         [][]byte
	base, marks int // descriptors before the queue was open, and at mark
	children    map[string]*exec.Cmd
}

// work does one thing after the other.
func (u *user) work(ops string) {
	for op := range strings.SplitSeq(ops, ",") {
		what, item, _ := strings.Cut(op, "=")
		switch what {
		case "":
		case "put":
			u.put(item)
		case "limited": // as on a full disk: what is in files has room for 256 KB
			signal.Ignore(syscall.SIGXFSZ)
			limitFiles(256 << 10)
			err := u.try(item)
			limitFiles(-1)
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
			} else {
				u.me.Say("limited", "ok")
			}
		case "killed": // writes to a file beyond 256 KB end the process
			defaultAction(syscall.SIGXFSZ)
			limitFiles(256 << 10)
			must(u.try(item))
			limitFiles(-1)
		case "kill": // a child, which may have ended
			u.me.Reach("killing")
			u.children[item].Process.Kill()
			u.me.Reach("killed")
		case "get":
			u.get()
		case "puts", "takes": // so many big ones, and says nothing
			n, name, _ := strings.Cut(item, ":")
			times, err := strconv.Atoi(n)
			must(err)
			u.stream(what, times, name)
		case "hundreds":
			u.hundreds(item)
		case "tally":
			u.me.Reach("tallying")
			u.me.Say("tally", tally())
			u.me.Reach("tallied")
		case "interrupted":
			arrange.Interruptible()
			u.me.Interrupt("interrupting")
		case "child":
			run(nil, "stayer")
		case "heir": // a child that was handed the queue
			run(u.q.Files(), "stayer")
		case "die":
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
		case "mark":
			u.marks = descriptors()
		case "grown":
			u.me.Say("grown", descriptors()-u.marks)
		case "files":
			for range 3 {
				u.q.Files()
			}
		case "close":
			must(u.q.Close())
			u.me.Say("open", descriptors()-u.base)
			u.me.Reach("closed")
		default:
			must(fmt.Errorf("nobody can %q", op))
		}
	}
}

func (u *user) put(item string) {
	must(u.try(item))
	u.me.Reach("put")
}

// try puts an item. Its bytes are changed afterwards.
func (u *user) try(item string) error {
	bytes := content(item)
	u.me.Reach("putting")
	returned := u.me.Call("queue", "put "+item)
	err := u.q.Put(bytes)
	if err == nil {
		returned("ok")
		clear(bytes)
		return nil
	}
	returned("error")
	return err
}

// get says all that was got so far, as its bytes are now.
func (u *user) get() {
	u.me.Reach("getting")
	returned := u.me.Call("queue", "get")
	item, err := u.q.Get()
	if err != nil {
		returned("error")
		must(err)
	}
	returned(name(item))
	u.got = append(u.got, item)
	var names []string
	for _, item := range u.got {
		names = append(names, name(item))
	}
	u.me.Say("got", strings.Join(names, " "))
	u.me.Reach("got")
}

// two waits for an item of one queue in a goroutine; meanwhile it uses the other one.
func two(me syncpoint.Role) {
	one, err := queue.New()
	must(err)
	other, err := queue.New()
	must(err)
	must(one.Put(content("a")))
	must(other.Put(content("b")))
	item, err := other.Get()
	must(err)
	me.Say("other", name(item))
	item, err = one.Get()
	must(err)
	me.Say("one", name(item))
	me.Reach("apart")
	done := make(chan bool)
	go func() {
		item, err := one.Get()
		must(err)
		me.Say("one", name(item))
		close(done)
	}()
	me.Reach("beside") // held here until the goroutine sleeps
	must(other.Put(content("d")))
	item, err = other.Get()
	must(err)
	me.Say("other", name(item))
	me.Reach("other-used")
	must(one.Put(content("c")))
	<-done
	me.Reach("both-used")

	// One goroutine waits in each, and another process puts into the second.
	for _, wait := range []struct {
		q   *queue.Queue
		key string
	}{{one, "one"}, {other, "other"}} {
		go func() {
			item, err := wait.q.Get()
			must(err)
			if wait.q == one {
				me.Say("one", name(item))
			} else {
				me.Say("other", name(item))
			}
			me.Reach("got")
		}()
		me.Reach("waits") // held here until the goroutine sleeps
	}
	start("one:put=e", other)
	select {}
}

// start starts a child by a spec, ROLE:OPERATIONS, and hands it the queue.
func start(spec string, q *queue.Queue) *exec.Cmd {
	role, ops, _ := strings.Cut(spec, ":")
	files := q.Files()
	return run(files, role, strconv.Itoa(len(files)), ops)
}

// run starts this program in another role, with these files at descriptor 3 and on.
func run(files []*os.File, args ...string) *exec.Cmd {
	exe, err := os.Executable()
	must(err)
	cmd := exec.Command(exe, args...)
	cmd.Stderr, cmd.ExtraFiles = os.Stderr, files
	must(cmd.Start())
	return cmd
}

// handed is what start handed to this process.
func handed() (files []*os.File, ops string) {
	n, err := strconv.Atoi(os.Args[2])
	must(err)
	for i := range n {
		files = append(files, os.NewFile(uintptr(3+i), fmt.Sprint("handed ", i)))
	}
	return files, os.Args[3]
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
