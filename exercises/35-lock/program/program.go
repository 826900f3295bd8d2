// Package program is what the scenarios of lock run: kit code around the learner's functions.
package program

import (
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/35-lock"
)

// Main runs the role named by the first argument; the path of the lock is the last one.
func Main() {
	me := arrange.Role(`
		acquire|beginner|trier|once|twice|try|reader|parent|double|shared|together|nowhere|unheld PATH
		timed longest|DURATION PATH
		apart|apart-timed|across PATH PATH`)
	if me == "child" {
		child(me)
		return
	}
	path := os.Args[len(os.Args)-1]
	l := lock.New(path)
	switch me {
	case "beginner", "trier": // stops at the first change that it makes in the folder
		runtime.LockOSThread() // for StopAt
		arrange.StopAt(filepath.Dir(path), arrange.NextChange)
		acquired, err := true, error(nil)
		if me == "trier" {
			acquired, err = l.TryAcquire()
		} else {
			err = l.Acquire()
		}
		must(err)
		if acquired {
			me.Reach("inside")
			must(l.Release())
		}
		me.Reach("released")

	case "acquire":
		me.Say("file", there(path))
		me.Reach("described")
		must(l.Acquire())
		me.Reach("inside")
		must(l.Release())
		me.Reach("released")
		must(l.Acquire())
		me.Reach("inside-again")
		must(l.Release())

	case "once", "twice":
		me.Reach("ready")
		visit(me, l)
		if me == "twice" {
			visit(me, l)
		}

	case "try":
		acquired, err := l.TryAcquire()
		must(err)
		me.Say("acquired", acquired)
		me.Reach("tried")
		must(l.Release())
		me.Reach("released")

	case "timed":
		timed(me, l)

	case "reader":
		must(l.Acquire())
		os.ReadFile(path) // whatever it holds: it is opened and closed
		me.Reach("inside")
		collectGarbage()
		me.Reach("collected")
		must(l.Release()) // so l is no garbage
		me.Reach("released")

	case "parent":
		must(l.Acquire())
		exe, err := os.Executable()
		must(err)
		must(exec.Command(exe, "child").Start())
		me.Reach("inside")
		must(l.Release())
		me.Reach("released")

	case "apart":
		apart(me, (*lock.Lock).Acquire)

	case "apart-timed":
		apart(me, func(l *lock.Lock) error {
			acquired, err := l.AcquireTimeout(math.MaxInt64)
			if err == nil && !acquired {
				err = errors.New("the longest limit has passed")
			}
			return err
		})

	case "across":
		across(me)

	case "double":
		double(me, l, lock.New(path))

	case "shared":
		shared(me, l)

	case "together":
		together(me, l)

	case "nowhere":
		me.Say("acquire", verdict(l.Acquire()))
		me.Reach("acquired")
		_, err := l.TryAcquire()
		me.Say("try", verdict(err))
		me.Reach("tried")
		_, err = l.AcquireTimeout(math.MaxInt64)
		me.Say("timed", verdict(err))
		me.Reach("answered")

	case "unheld":
		unheld(me, l)

	default:
		fmt.Fprintf(os.Stderr, "lock: no role %q\n", me)
		os.Exit(125)
	}
}

// visit is inside once, and does nothing there.
func visit(me syncpoint.Role, l *lock.Lock) {
	must(l.Acquire())
	me.Reach("inside")
	me.Reach("leaving")
	must(l.Release())
}

// timed waits for the lock as long as the second argument says, and sleeps for ever in the end.
func timed(me syncpoint.Role, l *lock.Lock) {
	limit := time.Duration(math.MaxInt64)
	if os.Args[2] != "longest" {
		var err error
		limit, err = time.ParseDuration(os.Args[2])
		must(err)
	}
	began := time.Now()
	acquired, err := l.AcquireTimeout(limit)
	waited := time.Since(began)
	must(err)
	me.Say("acquired", acquired)
	me.Say("early", !acquired && waited < limit)
	me.Reach("answered")
	if acquired {
		must(l.Release())
		me.Reach("released")
	}
	sleep()
}

// sleep never returns. Beside it the Go runtime takes no wait inside the process for a deadlock, and the scenario says
// what is wrong.
func sleep() {
	for {
		syscall.Pause()
	}
}

// collectGarbage returns when what nobody leads to has been finalized: an os.File, for one, has been closed.
func collectGarbage() {
	for range 3 { // who is finalized first in one round is open
		done := make(chan bool)
		runtime.SetFinalizer(&struct{ name string }{"garbage"}, func(any) { close(done) })
		runtime.GC()
		<-done
	}
}

// child is started by a holder.
func child(me syncpoint.Role) {
	me.Reach("held")
	for fd := 3; fd < 100; fd++ { // as a program does that tidies up what it was started with
		syscall.Flock(fd, syscall.LOCK_UN)
	}
	me.Reach("unlocked")
}

// apart waits for a lock in a goroutine. Beside it, it takes another lock, and releases and tries the same Lock.
func apart(me syncpoint.Role, take func(*lock.Lock) error) {
	go sleep()
	waiting, other := lock.New(os.Args[2]), lock.New(os.Args[3])
	done := make(chan bool)
	go func() {
		me.Reach("wanting")
		must(take(waiting))
		me.Reach("inside")
		close(done)
	}()
	me.Reach("beside") // held here until the goroutine sleeps
	must(take(other))
	me.Reach("other-inside")
	must(other.Release())
	me.Reach("other-released")
	waiting.Release() // an error, of course: unheld says so
	me.Reach("refused")
	acquired, err := waiting.TryAcquire()
	must(err)
	me.Say("acquired", acquired)
	me.Reach("tried")
	<-done
}

// across has one lock while a goroutine waits for another one, and does not wait for the goroutine.
func across(me syncpoint.Role) {
	go sleep()
	mine, other := lock.New(os.Args[2]), lock.New(os.Args[3])
	must(mine.Acquire())
	done := make(chan bool)
	go func() {
		me.Reach("wanting")
		must(other.Acquire())
		me.Reach("other-inside")
		must(other.Release())
		close(done)
	}()
	me.Reach("inside") // held here until the goroutine sleeps
	must(mine.Release())
	me.Reach("released")
	<-done
}

// double has two Locks for one path.
func double(me syncpoint.Role, one, two *lock.Lock) {
	go sleep()
	must(one.Acquire())
	me.Reach("inside")
	acquired, err := two.TryAcquire()
	must(err)
	me.Say("acquired", acquired)
	me.Reach("tried")
	acquired, err = one.TryAcquire()
	must(err)
	me.Say("acquired", acquired)
	me.Reach("tried-again")
	acquired, err = two.AcquireTimeout(51 * time.Millisecond)
	must(err)
	me.Say("acquired", acquired)
	me.Reach("limited")
	acquired, err = one.AcquireTimeout(51 * time.Millisecond)
	must(err)
	me.Say("acquired", acquired)
	me.Reach("limited-again")
	me.Say("release", verdict(two.Release()))
	me.Reach("refused")
	must(one.Release())
	me.Reach("released")
	acquired, err = two.TryAcquire()
	must(err)
	me.Say("acquired", acquired)
	me.Reach("tried-free")
}

// shared has one Lock for two goroutines.
func shared(me syncpoint.Role, l *lock.Lock) {
	must(l.Acquire())
	done := make(chan bool)
	go func() {
		must(l.Acquire())
		me.Reach("second-inside")
		must(l.Release())
		me.Reach("second-released")
		close(done)
	}()
	me.Reach("inside") // held here until the goroutine sleeps
	must(l.Release())
	me.Reach("released")
	<-done
}

// together has three goroutines that want one Lock at once.
func together(me syncpoint.Role, l *lock.Lock) {
	go sleep()
	var came atomic.Int32
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			must(l.Acquire())
			me.Reach([]string{"first-inside", "second-inside", "third-inside"}[came.Add(1)-1])
			must(l.Release())
		})
	}
	all.Wait()
	me.Reach("finished")
}

// unheld releases whenever its Lock does not hold.
func unheld(me syncpoint.Role, l *lock.Lock) {
	go sleep()
	me.Say("release", verdict(l.Release()))
	me.Reach("refused-unused")
	me.Say("release", verdict(l.Release()))
	me.Reach("refused")
	_, err := l.TryAcquire()
	must(err)
	me.Say("release", verdict(l.Release()))
	me.Reach("refused-after-try")
	began := time.Now()
	_, err = l.AcquireTimeout(51 * time.Millisecond)
	me.Say("early", time.Since(began) < 51*time.Millisecond)
	must(err)
	me.Say("release", verdict(l.Release()))
	me.Reach("refused-after-limit")
	must(l.Acquire())
	must(l.Release())
	me.Reach("released")
	me.Say("release", verdict(l.Release()))
	me.Reach("refused-twice")
}

func there(path string) string {
	if _, err := os.Stat(path); err == nil {
		return "there"
	}
	return "none"
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
