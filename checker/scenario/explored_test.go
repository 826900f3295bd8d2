package scenario

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"forklings/checker/syncpoint"

	"golang.org/x/sys/unix"
)

// counts adds one to the number in the file count, under a lock of this kind.
func counts(me syncpoint.Role, kind string) {
	if kind == "late" { // reads before it has the lock
		n := number()
		unlock := locked("flock", "lock", "mine."+strconv.Itoa(os.Getpid()))
		must(os.WriteFile("count", fmt.Append(nil, n+1), 0o644))
		unlock()
		return
	}
	unlock := locked(kind, "lock", "mine."+strconv.Itoa(os.Getpid()))
	me.Reach("inside")
	n := number()
	must(os.WriteFile("count", fmt.Append(nil, n+1), 0o644))
	me.Reach("leaving")
	unlock()
}

func number() int {
	b, err := os.ReadFile("count")
	if err != nil {
		return 0
	}
	n, _ := strconv.Atoi(strings.TrimSpace(string(b)))
	return n
}

// locked takes a lock and gives what gives it back. A spinning kind takes a nap between two tries, unless it is busy.
func locked(kind, name, own string) (unlock func()) {
	spin := func(try func() error, undo func()) func() {
		for try() != nil {
			if !strings.HasPrefix(kind, "busy-") {
				time.Sleep(time.Millisecond)
			}
		}
		return undo
	}
	remove := func() { must(os.Remove(name)) }
	switch strings.TrimPrefix(kind, "busy-") {
	case "none":
		return func() {}
	case "flock":
		f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o644)
		must(err)
		must(unix.Flock(int(f.Fd()), unix.LOCK_EX))
		return func() { f.Close() }
	case "posix":
		f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o644)
		must(err)
		must(unix.FcntlFlock(f.Fd(), unix.F_SETLKW, &unix.Flock_t{Type: unix.F_WRLCK}))
		return func() { f.Close() }
	case "ofd":
		f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o644)
		must(err)
		must(unix.FcntlFlock(f.Fd(), unix.F_OFD_SETLKW, &unix.Flock_t{Type: unix.F_WRLCK}))
		return func() { f.Close() }
	case "excl":
		return spin(func() error {
			f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL, 0o644)
			f.Close()
			return err
		}, remove)
	case "link":
		must(os.WriteFile(own, nil, 0o644))
		return spin(func() error { return os.Link(own, name) }, remove)
	case "rename":
		must(os.WriteFile(own, nil, 0o644))
		return spin(func() error {
			return unix.Renameat2(unix.AT_FDCWD, own, unix.AT_FDCWD, name, unix.RENAME_NOREPLACE)
		}, func() { must(os.Rename(name, own)) })
	case "looks": // looks first whether the file is there
		return spin(func() error {
			if _, err := os.Stat(name); err == nil {
				return errors.New("taken")
			}
			return os.WriteFile(name, nil, 0o644)
		}, func() { os.Remove(name) })
	}
	panic(kind)
}

// pays takes the locks of two accounts.
func pays(me syncpoint.Role, kind, first, second string) {
	open := func(name string) int {
		fd, err := unix.Open(name, unix.O_CREAT|unix.O_RDWR|unix.O_CLOEXEC, 0o644)
		must(err)
		return fd
	}
	if kind == "ordered" && first > second {
		first, second = second, first
	}
	a, b := open(first), open(second)
	whole := &unix.Flock_t{Type: unix.F_WRLCK}
	switch kind {
	case "given", "ordered":
		must(unix.Flock(a, unix.LOCK_EX))
		must(unix.Flock(b, unix.LOCK_EX))
	case "posix-gives-way": // one of two is told EDEADLK
		for {
			must(unix.FcntlFlock(uintptr(a), unix.F_SETLKW, whole))
			err := unix.FcntlFlock(uintptr(b), unix.F_SETLKW, whole)
			if err == nil {
				break
			}
			if err != unix.EDEADLK {
				must(err)
			}
			must(unix.FcntlFlock(uintptr(a), unix.F_SETLK, &unix.Flock_t{Type: unix.F_UNLCK}))
		}
	case "gives-way", "gives-way-at-once":
		for {
			must(unix.Flock(a, unix.LOCK_EX))
			if unix.Flock(b, unix.LOCK_EX|unix.LOCK_NB) == nil {
				break
			}
			must(unix.Flock(a, unix.LOCK_UN))
			if kind == "gives-way" {
				time.Sleep(time.Millisecond)
			}
		}
	}
	me.Reach("both")
}
