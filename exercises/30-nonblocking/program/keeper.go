package program

import (
	"fmt"
	"net"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/30-nonblocking"

	"golang.org/x/sys/unix"
)

// keep reads from a source and writes to it for a while, and then closes its ends: who is at the other one sees that, when
// nothing is left behind.
func keep(me syncpoint.Role, kind string) {
	s := makeSource(kind)
	b := make([]byte, 16)
	before := now()
	for range 30 {
		_, err := nonblocking.TryRead(s.in, b)
		me.Say("error", name(err))
		nonblocking.TryWrite(s.out, []byte("x"))
		drain(descriptor(s.in), -1)
	}
	tellKept(me, before)
	me.Reach("used")

	must(s.out.Close())
	ready := []unix.PollFd{{Fd: int32(descriptor(s.in)), Events: unix.POLLIN}}
	n, err := retry(func() (int, error) { return unix.Poll(ready, 0) })
	me.Say("end-seen", err == nil && n == 1)
	must(s.in.Close())
	me.Reach("closed")

	os.Remove(fifo)
	s = makeSource(kind)
	for _, f := range []**os.File{&s.in, &s.out} { // under numbers that no descriptor has had
		fd, err := unix.FcntlInt(uintptr(descriptor(*f)), unix.F_DUPFD_CLOEXEC, 200)
		must(err)
		must((*f).Close())
		*f = os.NewFile(uintptr(fd), "end")
	}
	_, err = nonblocking.TryRead(s.in, b)
	me.Say("error", name(err))
	must(s.in.Close())
	n, err = nonblocking.TryWrite(s.out, []byte("x"))
	me.Say("wrote", n)
	me.Say("error", name(err))
	must(s.out.Close())
	me.Reach("unread")
}

func retry(call func() (int, error)) (n int, err error) {
	for {
		if n, err = call(); err != unix.EINTR {
			return n, err
		}
	}
}

// many waits for many sources, some of which are ready: pipes, a socket of package net, one with a high number, and one that
// is given twice.
func many(me syncpoint.Role) {
	var all []syscall.Conn
	var outs []*os.File
	for range 20 {
		s := makeSource("plain")
		all = append(all, s.in)
		outs = append(outs, s.out)
	}
	ends := makeSource("socket")
	conn, err := net.FileConn(ends.in)
	must(err)
	all[3], outs[3] = conn.(*net.UnixConn), ends.out
	all[7] = all[2]
	high, err := unix.FcntlInt(uintptr(descriptor(all[19])), unix.F_DUPFD_CLOEXEC, 1500)
	if err == nil { // else so many are not allowed
		all[19] = os.NewFile(uintptr(high), "source")
	}
	me.Reach("ready")

	for _, i := range []int{2, 3, 15, 19} {
		_, err := outs[i].Write([]byte("alpha"))
		must(err)
	}
	ready, err := nonblocking.WaitAny(all...)
	me.Say("ready", numbers(ready))
	me.Say("error", name(err))
	me.Reach("waited")

	before := now()
	for range 30 {
		nonblocking.WaitAny(all...)
	}
	tellKept(me, before)
	me.Reach("waited-often")

	s := makeSource("plain")
	unix.FcntlInt(uintptr(descriptor(s.out)), unix.F_SETPIPE_SZ, 1<<18) // an error says that a user may have no more of that
	size, err := unix.FcntlInt(uintptr(descriptor(s.out)), unix.F_GETPIPE_SZ, 0)
	must(err)
	text := lines(0, size)
	_, err = s.out.Write(text)
	must(err)
	b := make([]byte, len(text))
	n, err := nonblocking.TryRead(s.in, b)
	me.Say("error", name(err))
	me.Say("all", n == len(text) && slices.Equal(b, text))
	me.Reach("read")
}

func init() { arrange.FirstThread("nonblocking", "pestered") }

// pester lets a signal come again and again while ReadWithin waits for what does not come: each is sent by the kernel's
// timer, to the first thread, and long before the limit is over. After many of them it stops.
func pester(me syncpoint.Role) {
	const limit, pause, signals = 100 * time.Millisecond, 40 * time.Millisecond, 50
	s := makeSource("plain")
	ticks := make(chan os.Signal, 1)
	signal.Notify(ticks, syscall.SIGALRM)
	stopped := make(chan bool)
	me.Reach("ready")
	every := unix.NsecToTimeval(pause.Nanoseconds())
	_, err := unix.Setitimer(unix.ITIMER_REAL, unix.Itimerval{Interval: every, Value: every})
	must(err)
	go func() {
		for range signals {
			<-ticks
		}
		unix.Setitimer(unix.ITIMER_REAL, unix.Itimerval{})
		close(stopped)
	}()
	_, err = nonblocking.ReadWithin(s.in, make([]byte, 16), limit)
	select {
	case <-stopped:
		me.Say("late", true)
	default:
		me.Say("late", false)
		unix.Setitimer(unix.ITIMER_REAL, unix.Itimerval{})
	}
	me.Say("error", name(err))
	me.Reach("within")
}

// numbers is a list of numbers as the scenarios write it.
func numbers(list []int) string {
	return strings.Trim(fmt.Sprint(list), "[]")
}
