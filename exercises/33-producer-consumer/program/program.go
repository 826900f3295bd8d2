// Package program is what the scenarios of producer-consumer run: kit code around the learner's functions.
package program

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/33-producer-consumer"

	"golang.org/x/sys/unix"
)

// init keeps main on the first thread, which the watcher traces.
func init() { arrange.FirstThread("producer-consumer", "watched") }

// Main runs the role named by the first argument. A child finds the buffer's files at descriptor 3 and on; the second
// argument tells how many there are.
func Main() {
	me := arrange.Role(`
		creator PLACES [NAME:STEPS...]
		one|two|three|four|five|six|watched|middle FILES STEPS
		tracer PID [PID]
		watcher PID`)
	doze()
	switch me {
	case "creator": // makes a buffer, starts children, and may do something itself
		places, err := strconv.Atoi(os.Args[2])
		must(err)
		b, err := producerconsumer.New(places)
		must(err)
		var own string
		var children sync.WaitGroup
		for _, spec := range os.Args[3:] {
			if ops, ok := strings.CutPrefix(spec, "creator:"); ok {
				own = ops
				continue
			}
			child := start(spec, b)
			children.Go(func() { child.Wait() })
		}
		(&user{me: me, b: b}).work(own)
		children.Wait()

	case "one", "two", "three", "four", "five", "six", "watched":
		arrange.Traceable()
		me.Reach("begun")
		files, ops := handed()
		b, err := producerconsumer.Open(files)
		must(err)
		me.Reach("opened")
		(&user{me: me, b: b}).work(ops)
		me.Reach("finished")

	case "middle": // hands on what it was handed, and ends
		files, spec := handed()
		b, err := producerconsumer.Open(files)
		must(err)
		start(spec, b)

	case "both": // has two buffers
		two(me)

	case "no-places":
		before := descriptors()
		_, err := producerconsumer.New(0)
		me.Say("zero", verdict(err))
		_, err = producerconsumer.New(-1)
		me.Say("negative", verdict(err))
		me.Say("grown", descriptors()-before)
		me.Reach("answered")

	case "roomless":
		roomless(me)

	case "narrow": // may open nothing more when it opens the buffer
		narrow(me)

	case "tracer": // PID, or PID UNTIL
		trace(me)

	case "watcher": // PID
		watch(me)

	case "stayer": // lives on after the process that has started it
		me.Reach("held")

	default:
		fmt.Fprintf(os.Stderr, "producer-consumer: no role %q\n", me)
		os.Exit(125)
	}
}

// user is who has the buffer open.
type user struct {
	me    syncpoint.Role
	b     *producerconsumer.Buffer
	mutex sync.Mutex
	put   []string // what its Puts came back with
	got   []string // and its Gets
	joins int
	marks int
}

// work does one thing after the other.
func (u *user) work(ops string) {
	for op := range strings.SplitSeq(ops, ",") {
		what, item, _ := strings.Cut(op, "=")
		switch what {
		case "":
		case "put":
			u.doPut(item)
			u.me.Reach("put")
		case "get":
			u.doGet()
			u.me.Reach("got")
		case "too-long":
			u.me.Say("too-long", verdict(u.b.Put(strings.Repeat("x", 1001))))
		case "puts-all", "gets-all": // so many long ones, and says nothing
			n, err := strconv.Atoi(item)
			must(err)
			u.stream(what, n)
		case "hundreds":
			u.hundreds(item)
		case "tally":
			u.me.Reach("tallying")
			u.me.Say("tally", tally())
			u.me.Reach("tallied")
		case "files":
			for range 3 {
				u.b.Files()
			}
		case "all": // works off what comes
			for u.doGet() {
				must(u.b.Done())
			}
		case "done":
			u.me.Reach("finishing")
			u.me.Say("done", verdict(u.b.Done()))
			u.me.Reach("done")
		case "done-watched":
			u.me.Reach("finishing")
			watched(func() { u.me.Say("done", verdict(u.b.Done())) })
			u.me.Reach("done")
		case "join":
			u.me.Reach("joining")
			u.doJoin()
			u.me.Reach("joined")
		case "join-two": // joins in two goroutines
			u.me.Say("joins", 0)
			u.beside(u.doJoin, u.doJoin)
		case "end":
			u.me.Reach("ending")
			must(u.b.End())
			u.me.Reach("over")
		case "puts": // puts two items in two goroutines
			first, second, _ := strings.Cut(item, "+")
			u.beside(func() { u.doPut(first) }, func() { u.doPut(second) })
		case "gets": // gets in two goroutines
			u.beside(func() { u.doGet() }, func() { u.doGet() })
		case "waits": // gets in a goroutine, and goes on
			go func() {
				u.doGet()
				u.me.Reach("got")
			}()
		case "fills": // puts in a goroutine, and goes on
			go func() {
				u.doPut(item)
				u.me.Reach("filled")
			}()
		case "joins": // joins in a goroutine, and goes on
			go func() {
				must(u.b.Join())
				u.me.Reach("joined")
			}()
		case "beside": // held here until the goroutines sleep
			u.me.Reach("beside")
		case "child":
			run(nil, "stayer")
		case "mark":
			u.marks = descriptors()
		case "grown":
			u.me.Say("grown", descriptors()-u.marks)
			u.me.Reach("counted")
		case "die":
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
		case "interrupted":
			arrange.Interruptible()
			u.me.Interrupt("interrupting")
		case "interrupted-again": // behind interrupted
			u.me.Interrupt("interrupting-again")
		default:
			must(fmt.Errorf("nobody can %q", op))
		}
	}
}

func (u *user) beside(both ...func()) {
	var done sync.WaitGroup
	for _, f := range both {
		done.Go(f)
	}
	done.Wait()
	u.me.Reach("both")
}

func (u *user) doPut(item string) {
	u.me.Reach("putting")
	returned := u.me.Call("buffer", "put "+item)
	err := u.b.Put(content(item))
	switch {
	case err == nil:
		returned("ok")
		u.tell("put", &u.put, item)
	case errors.Is(err, producerconsumer.ErrEnded):
		returned("ended")
		u.tell("put", &u.put, "END")
	default:
		returned("error")
		must(err)
	}
}

// doGet tells whether there was an item, and not the end.
func (u *user) doGet() bool {
	u.me.Reach("getting")
	returned := u.me.Call("buffer", "get")
	item, err := u.b.Get()
	switch {
	case err == nil:
		returned(name(item))
		u.tell("got", &u.got, name(item))
	case errors.Is(err, producerconsumer.ErrEnded):
		returned("empty") // that is when it may say so
		u.tell("got", &u.got, "END")
	default:
		returned("error")
		must(err)
	}
	return err == nil
}

func (u *user) doJoin() {
	must(u.b.Join())
	u.mutex.Lock()
	defer u.mutex.Unlock()
	u.joins++
	u.me.Say("joins", u.joins)
}

// tell says all that came back so far under this key.
func (u *user) tell(key string, all *[]string, what string) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	*all = append(*all, what)
	text := strings.Join(*all, " ")
	switch key {
	case "put":
		u.me.Say("put", text)
	case "got":
		u.me.Say("got", text)
	}
}

// two waits in one buffer in a goroutine, and uses another one beside it.
func two(me syncpoint.Role) {
	one, err := producerconsumer.New(1)
	must(err)
	other, err := producerconsumer.New(1)
	must(err)
	must(one.Put("a"))
	me.Reach("full")
	must(other.Put("b"))
	me.Reach("apart")
	go one.Put("c")
	me.Reach("beside") // held here until the goroutine sleeps
	item, err := other.Get()
	must(err)
	must(other.Done())
	must(other.Join())
	must(other.End())
	me.Say("other", item)
	me.Reach("other-used")
	item, err = one.Get()
	must(err)
	me.Say("one", item)
	item, err = one.Get()
	must(err)
	me.Say("one-again", item)
	me.Reach("both-used")

	// One goroutine waits in each, and another process puts into the second.
	second, err := producerconsumer.New(1)
	must(err)
	go one.Get()
	me.Reach("waits") // held here until the goroutine sleeps
	go func() {
		item, err := second.Get()
		must(err)
		me.Say("second", name(item))
		me.Reach("got")
	}()
	me.Reach("waits")
	start("one:put=d", second)
	select {}
}

const odd = "\x00\x01one\nzwei\xff\r\n\n"

// content gives the item of that name.
func content(name string) string {
	switch name {
	case "blank":
		return ""
	case "odd":
		return odd
	case "long":
		return strings.Repeat("0123456789", 100)
	case "zeros":
		return "zeros\x00\x00"
	}
	return "item " + name
}

// name tells which item it is.
func name(item string) string {
	for _, name := range []string{"blank", "odd", "long", "zeros"} {
		if item == content(name) {
			return name
		}
	}
	if name, ok := strings.CutPrefix(item, "item "); ok && len(name) < 5 {
		return name
	}
	return "torn"
}

// start starts a child by a spec, ROLE:OPERATIONS, and hands it the buffer.
func start(spec string, b *producerconsumer.Buffer) *exec.Cmd {
	role, ops, _ := strings.Cut(spec, ":")
	files := b.Files()
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

// descriptors counts what this process has open. The Go runtime's poller is open by then: it comes with the first pipe.
func descriptors() int {
	r, w, err := os.Pipe()
	must(err)
	r.Close()
	w.Close()
	n := 0
	for fd := range 1024 {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil {
			n++
		}
	}
	return n
}

// doze leaves a thread in a sleep that never ends. Beside it the Go runtime takes no wait inside the process for a deadlock,
// and the scenario says what is wrong.
func doze() {
	var pipe [2]int
	must(syscall.Pipe2(pipe[:], syscall.O_CLOEXEC))
	go syscall.Read(pipe[0], make([]byte, 1))
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
