package program

import (
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"unsafe"

	"forklings/checker/syncpoint"
	"forklings/exercises/17-crash"

	"golang.org/x/sys/unix"
)

// large is more than any pipe holds. It is made when it is asked for: this file is part of every exercise's program.
var large = sync.OnceValue(func() string { return strings.Repeat("0123456789abcdef", 8<<20/16) })

// result is what this task returns when it comes to its end.
func result(task string) string {
	if task == "large" || task == "quits" || task == "cramped" {
		return large()
	}
	return results[task]
}

var results = map[string]string{
	"steady":    "steady is done",
	"brief":     "brief is done",
	"prints":    "what was printed is not this",
	"parent-of": "a child is left",
	"plain":     "a run without arguments is left",
	"empty":     "",
	"two words": "a name with a blank",
	"bytes":     "\x00\xff\n\r finished \x80\x00",
	"blanks":    " \n\t blanks around it \r\n \n",
	"newline":   "\n",

	"NO-NAME":   "a name is any text, also none",
	"BYTES":     "a name need not be UTF-8",
	"LONG-NAME": "a name may be long",

	` two  words; $(x) = "`: "any name is a name",
}

// unwritable are names of tasks that stand in no scenario, by what the scenarios write for them. One is longer than any
// argument of a program can be (execve(2)).
var unwritable = sync.OnceValue(func() map[string]string {
	return map[string]string{"NO-NAME": "", "BYTES": "\xe9\xff=\n\t", "LONG-NAME": strings.Repeat("long ", 50_000)}
})

// signals are what some tasks send themselves.
var signals = map[string]syscall.Signal{"killed": syscall.SIGKILL, "asked": syscall.SIGTERM, "aborts": syscall.SIGABRT}

// never does not return. It waits in a call of the kernel's, so that the Go runtime takes it for no deadlock.
func never() {
	var pipe [2]int
	must(syscall.Pipe(pipe[:]))
	syscall.Read(pipe[0], make([]byte, 1))
}

// work is what every task begins with.
func work(name string) {
	me := syncpoint.Role(name)
	me.Reach("working")
}

var tasks = map[string]crash.Task{
	"steady":    func() string { work("steady"); return result("steady") },
	"brief":     func() string { work("brief"); return result("brief") },
	"empty":     func() string { return result("empty") },
	"two words": func() string { return result("two words") },
	"bytes":     func() string { return result("bytes") },
	"blanks":    func() string { return result("blanks") },
	"newline":   func() string { return result("newline") },
	"large":     func() string { work("large"); return large() },

	"quits": func() string { // when it is asked to, also in the midst of handing over
		asked := make(chan os.Signal, 1)
		signal.Notify(asked, syscall.SIGTERM)
		go func() { <-asked; os.Exit(0) }()
		work("quits")
		return large()
	},

	` two  words; $(x) = "`: func() string { return result(` two  words; $(x) = "`) },

	"prints": func() string {
		fmt.Println("the task prints a line")
		fmt.Fprintln(os.Stderr, "the task reports a line")
		return result("prints")
	},

	"parent-of": func() string {
		me := syncpoint.Role("parent-of")
		me.Reach("working")
		must(ordinary("grandchild").Start())
		me.Reach("leaving")
		return result("parent-of")
	},

	"plain": func() string { // once, as a run that takes itself for a child would go on with that for ever
		if os.Getenv("KIT_PLAIN") == "" {
			must(os.Setenv("KIT_PLAIN", "yes"))
			must(ordinary().Start())
		}
		return result("plain")
	},

	"cramped": func() string { // no file can grow any more, as on a full disk; that is an error (EFBIG in write(2)), no signal
		signal.Ignore(syscall.SIGXFSZ)
		must(unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: 1 << 20, Max: 1 << 20}))
		return large()
	},

	"panics": func() string { work("panics"); panic("out of paper") },

	"panics-aside": func() string {
		work("panics-aside")
		go panic("out of ink")
		never()
		return ""
	},

	"faults": func() string {
		var counts *int
		go func() { *counts++ }()
		never()
		return ""
	},

	"dies": func() string { // of what no recover catches
		var m sync.Mutex
		m.Unlock()
		return "still there"
	},

	"exits-0":   func() string { work("exits-0"); os.Exit(0); return "still there" },
	"exits-137": func() string { os.Exit(137); return "still there" },
	"exits-3":   func() string { os.Exit(3); return "still there" },
	"exits-aside": func() string {
		go syscall.Exit(0)
		never()
		return ""
	},

	"killed": func() string { return shot("killed") },
	"asked":  func() string { return shot("asked") },
	"aborts": func() string {
		// The Go runtime would make exit status 2 and a long report of it. All of a struct sigaction that is 0: SIG_DFL.
		var byDefault [64]byte
		unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(unix.SIGABRT), uintptr(unsafe.Pointer(&byDefault)), 0, 8, 0, 0)
		return shot("aborts")
	},
}

// shot has the process die of the task's signal.
func shot(name string) string {
	work(name)
	syscall.Kill(os.Getpid(), signals[name])
	never()
	return ""
}
