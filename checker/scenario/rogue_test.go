package scenario

import (
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
	"testing"
	"time"

	"forklings/checker/syncpoint"

	"golang.org/x/sys/unix"
)

// TestMain: linked as "rogue", this test binary is the program of the scripts in testdata.
func TestMain(m *testing.M) {
	if exe, _ := os.Readlink("/proc/self/exe"); filepath.Base(exe) == "rogue" {
		rogue(syncpoint.Asked())
		return
	}
	os.Exit(m.Run())
}

// rogue is a program that does, role by role, what the engine must see and survive.
func rogue(me syncpoint.Role) {
	switch me {
	case "counts": // adds one to a file, under a lock of this kind
		me.Reach("ready")
		counts(me, os.Args[2])
	case "pays": // takes two locks, in this way
		me.Reach("ready")
		pays(me, os.Args[2], os.Args[3], os.Args[4])
	case "steps": // a call of each kind that a process can be held before
		me.Reach("ready")
		_, err := os.Open("made")
		me.Say("missing", os.IsNotExist(err))
		f, err := os.OpenFile("made", os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o644)
		me.Say("made", err == nil)
		must(unix.Flock(int(f.Fd()), unix.LOCK_EX))
		f.WriteString("whole")
		must(unix.Flock(int(f.Fd()), unix.LOCK_UN))
		must(f.Truncate(0))
	case "looks": // how long a file is, and whether somebody has a lock on it
		f, err := os.OpenFile(os.Args[2], os.O_RDWR, 0)
		me.Say("there", err == nil)
		if err == nil {
			info, _ := f.Stat()
			me.Say("size", info.Size())
			me.Say("locked", unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) != nil)
		}
	case "tells":
		b, _ := os.ReadFile("count")
		me.Say("count", strings.TrimSpace(string(b)))
	case "blocks": // which signals (proc_pid_status(5))
		b, _ := os.ReadFile("/proc/self/status")
		_, mask, _ := strings.Cut(string(b), "SigBlk:")
		me.Say("blocked", strings.Fields(mask)[0])
	case "litters": // fills memory and drops it again, and sleeps then
		for range 50 { // the kernel takes its time to give so many pages
			keep = make([]byte, 1<<20)
			for i := 0; i < len(keep); i += 4096 {
				keep[i] = 1
			}
		}
		keep = nil
		me.Reach("littered")
		unix.Pause()
	case "client": // of a queue that is not there: does as it is told
		client(me, os.Args[2:])
	case "tricks": // what makes tracers stumble
		tricks()
	case "execs-from-a-thread":
		runtime.LockOSThread() // to the main thread, so that the other one is not
		go func() {
			runtime.LockOSThread()
			must(unix.Exec("/proc/self/exe", []string{os.Args[0], "ends"}, os.Environ()))
		}()
		select {}
	case "stops-itself":
		runtime.LockOSThread() // a signal for the process may go to another thread, and this one be over before
		must(unix.Tgkill(os.Getpid(), unix.Gettid(), unix.SIGSTOP))
	case "answers": // with what is not its PID
		other := make(chan int, 2)
		for range 2 { // one of them may be on the first thread
			go func() {
				runtime.LockOSThread()
				if unix.Gettid() != unix.Getpid() {
					other <- unix.Gettid()
				}
				select {}
			}()
		}
		me.Say("thread", <-other)
		me.Say("nobody", "nobody")
		me.Say("nothing", 0)
		c := command("ends")
		must(c.Run())
		me.Say("ended", c.Process.Pid)
		me.Reach("answered")
	case "ends":
	case "waiter": // a child that is held, a wait, an answer
		c := child("held")
		me.Reach("started")
		c.Wait()
		me.Say("code", c.ProcessState.ExitCode())
		me.Say("child", c.Process.Pid)
		me.Reach("waited")
		fmt.Println("the child has ended")
		me.Reach("printed")
		os.Exit(3)
	case "fills": // a pipe that nobody reads, as Go does it
		r, w, err := os.Pipe()
		must(err)
		_, err = w.Write(make([]byte, 1<<20))
		must(err)
		r.Close()
	case "passes-on": // its output to a child, and ends
		c := command(os.Args[2])
		c.Stderr = os.Stderr
		c.Run()
		os.Exit(1)
	case "keeps": // waits for a child that has stopped and gone on, and lives on
		c := child("stays")
		c.Wait()
		me.Reach("waited")
	case "has-silent":
		c := child(os.Args[2])
		me.Reach("started")
		c.Wait()
		me.Reach("waited")
	case "mute":
		unix.Pause()
	case "mute-ends":
	case "stays":
		me.Reach("here")
		unix.Pause()
	case "held":
		me.Reach("here")
		os.Exit(7)
	case "careless": // never waits
		child("held")
		me.Reach("started")
		io.ReadAll(pipe())
	case "waits-for-group": // beside a child that has ended, and is in another group
		child("held")
		me.Reach("first")
		c := command("held")
		c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		start(c)
		me.Reach("started")
		unix.Wait4(-c.Process.Pid, nil, 0, nil)
		me.Reach("waited")
	case "disowns": // lets the kernel reap: a wait ends when there is no child left
		signal.Ignore(unix.SIGCHLD)
		for range 3 {
			c := child("held")
			me.Reach("started")
			_, err := unix.Wait4(c.Process.Pid, nil, 0, nil)
			me.Say("wait", err)
			me.Reach("waited")
		}
	case "orphaner": // leaves a child in a session of its own
		c := command("held")
		c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		start(c)
		me.Reach("started")
	case "three":
		for range 3 {
			child("held")
		}
		me.Reach("started")
		io.ReadAll(pipe())
	case "opener":
		f, err := os.Create("log.txt")
		must(err)
		must(unix.Dup3(int(f.Fd()), 9, 0))
		me.Reach("opened")
	case "reader":
		syscall.Read(int(pipe().Fd()), make([]byte, 1))
	case "sleeper":
		time.Sleep(time.Hour)
	case "polls":
		for {
			time.Sleep(time.Millisecond)
		}
	case "polls-setitimer":
		ticks := make(chan os.Signal, 1)
		signal.Notify(ticks, unix.SIGALRM)
		_, err := unix.Setitimer(unix.ITIMER_REAL, unix.Itimerval{Interval: unix.Timeval{Usec: 5000}, Value: unix.Timeval{Usec: 5000}})
		must(err)
		for range ticks {
		}
	case "spins":
		me.Reach("begun")
		for {
		}
	case "crowd": // works on one CPU with many threads, and gets there when one of them has been on it for 15 ms
		var one unix.CPUSet
		must(unix.SchedGetaffinity(0, &one))
		for cpu, first := 0, true; cpu < 1024; cpu++ {
			if one.IsSet(cpu) && !first {
				one.Clear(cpu)
			}
			first = first && !one.IsSet(cpu)
		}
		runtime.GOMAXPROCS(32)
		me.Reach("begun")
		for n := range 16 {
			go func() {
				runtime.LockOSThread()
				must(unix.SchedSetaffinity(0, &one))
				for n > 0 {
				}
				for worked := (unix.Timespec{}); worked.Nano() < 15e6; {
					must(unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &worked))
				}
				me.Reach("worked")
			}()
		}
		select {}
	case "announces-panic":
		me.Reach("here")
		panic("as it should")
	case "panics":
		panic("as it should")
	case "exits-2":
		panic("expected")
	case "takes": // too long for times below 200 ms; says what it was given
		given, err := time.ParseDuration(os.Args[2])
		must(err)
		me.Say("time", given)
		me.Reach("ready")
		if given < 200*time.Millisecond {
			time.Sleep(2 * given)
		}
		me.Reach("done")
	case "deadlock": // each end waits for the other to write first
		pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
		must(err)
		c := command("reads-3")
		c.ExtraFiles = []*os.File{os.NewFile(uintptr(pair[1]), "pair")}
		start(c)
		syscall.Read(pair[0], make([]byte, 1))
	case "full-pipe": // writes more than the pipe holds, and only then would read
		var p [2]int
		must(unix.Pipe2(p[:], unix.O_CLOEXEC))
		unix.Write(p[1], make([]byte, 1<<20))
	case "locks": // one file, and then the other
		first := lock(os.Args[2])
		me.Reach("has-one")
		second := lock(os.Args[3])
		me.Reach("has-both")
		first.Close()
		second.Close()
	case "reads-3":
		syscall.Read(3, make([]byte, 1))
	case "ignores":
		signal.Ignore(unix.SIGTERM, unix.SIGINT, unix.SIGHUP)
		me.Reach("ready")
		forever()
	case "forges": // claims success and ends without a word to the engine
		fmt.Print("\n--- PASS: everything\n{\"status\":\"pass\"}\n")
		syscall.Exit(0)
	case "floods":
		for line := []byte(strings.Repeat("x", 1<<16)); ; {
			os.Stdout.Write(line)
		}
	case "floods-at-once":
		syscall.Ftruncate(1, 20<<20)
		me.Reach("done")
	case "fills-at-once":
		os.WriteFile("file", nil, 0o600)
		for n := range 10_100 {
			syscall.Link("file", fmt.Sprint("file-", n))
		}
		me.Reach("done")
	case "storm":
		for range 3 {
			start(command("storm"))
		}
		forever()
	case "kills-all":
		me.Reach("ready")
		me.Say("parent", harmless(unix.Kill(os.Getppid(), unix.SIGKILL)))
		if os.Getppid() == 1 || unix.Kill(os.Getppid(), 0) == unix.EPERM || unix.Kill(-1, 0) == unix.EPERM {
			unix.Kill(-1, unix.SIGKILL)
		}
		me.Reach("survived")
	case "bystander":
		me.Reach("ready")
		forever()
	case "asks": // every way to a process by its PID that the engine answers, and at last a real signal
		pid, err := strconv.Atoi(os.Args[2])
		must(err)
		me.Reach("ready")
		me.Say("kill", unix.Kill(pid, 0))
		me.Say("group", unix.Kill(-pid, 0))
		fd, err := unix.PidfdOpen(pid, 0)
		me.Say("pidfd", err)
		me.Say("send", unix.PidfdSendSignal(fd, 0, nil, 0))
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		me.Say("read", err)
		me.Say("text", len(stat) > 0)
		info, err := os.Stat(fmt.Sprintf("/proc/%d", pid))
		me.Say("stat", err)
		me.Say("folder", err == nil && info.IsDir())
		me.Reach("asked")
		me.Say("kill", unix.Kill(pid, unix.SIGKILL))
		me.Reach("killed")
	}
}

// forever sleeps in a call: the runtime ends a program without cgo in which every goroutine waits for another one.
func forever() {
	for {
		unix.Pause()
	}
}

// harmless: in a namespace the call hits what is inside, and PID 1 not at all.
func harmless(err error) string {
	if err == nil && os.Getppid() != 1 {
		return "allowed"
	}
	return "harmless"
}

func command(role string) *exec.Cmd {
	exe, err := os.Executable()
	must(err)
	return exec.Command(exe, role)
}

func start(c *exec.Cmd) { must(c.Start()) }

func child(role string) *exec.Cmd {
	c := command(role)
	start(c)
	return c
}

// pipe is one that nobody writes to; the other end stays open here.
func pipe() *os.File {
	var p [2]int
	must(unix.Pipe2(p[:], unix.O_CLOEXEC))
	return os.NewFile(uintptr(p[0]), "pipe")
}

func lock(name string) *os.File {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	must(err)
	must(unix.Flock(int(f.Fd()), unix.LOCK_EX))
	return f
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// client calls and returns as its arguments say: "put 7" is a call, "=ok" what it returns, "@there" a point.
func client(me syncpoint.Role, acts []string) {
	var returned func(any)
	for _, act := range acts {
		if result, ok := strings.CutPrefix(act, "="); ok {
			returned(result)
		} else if point, ok := strings.CutPrefix(act, "@"); ok {
			me.Reach(point)
		} else {
			returned = me.Call("queue", act)
		}
	}
}

var keep []byte
