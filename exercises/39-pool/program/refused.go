package program

import (
	"strconv"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/39-pool"

	"golang.org/x/sys/unix"
)

// refused asks for what cannot be, and in between for what can.
func refused(me syncpoint.Role) {
	me.Say("zero", outcomeOf(pool.New(0)))
	me.Say("negative", outcomeOf(pool.New(-1)))
	me.Say("unknown", unknown())
	me.Reach("asked")

	var tried string
	arrange.Descriptors(0, func() { tried = tryNew() })
	me.Say("unstartable", tried)
	me.Reach("tried")

	firstOnly()
	me.Reach("cut-short")

	p := newPool(1)
	take(me, p, []string{"work:one", "get:one"})
	me.Say("irreplaceable", bereaved(p))
	me.Reach("bereaved")
	take(me, p, []string{"work:two", "get:two", "close", "join"})
}

func outcomeOf(_ *pool.Pool, err error) string { return verdict(err) }

// unknown applies a task that nobody has registered.
func unknown() string {
	p := newPool(1)
	defer end(p)
	_, err := p.Apply("nobody-registered-this", "")
	return verdict(err)
}

// tryNew runs one task in a pool of its own.
func tryNew() string {
	p, err := pool.New(1)
	if err != nil {
		return verdict(err)
	}
	defer end(p)
	return try(p)
}

func try(p *pool.Pool) string {
	r, err := p.Apply("echo", "one")
	if err == nil {
		_, err = r.Get()
	}
	return verdict(err)
}

// firstOnly makes a pool of two with no more descriptors than one worker needs. Who starts both at once comes to the
// first one only.
func firstOnly() {
	var p *pool.Pool
	var err error
	enough := 3
	for ; enough < 100; enough++ {
		arrange.Descriptors(enough, func() { p, err = pool.New(1) })
		if err == nil {
			end(p)
			break
		}
	}
	arrange.Descriptors(enough, func() { p, err = pool.New(2) })
	if err == nil {
		end(p)
	}
}

// bereaved kills a worker when it cannot be replaced, and tries the next task.
func bereaved(p *pool.Pool) (tried string) {
	r, err := p.Apply("pid", "")
	must(err)
	value, err := r.Get()
	must(err)
	pid, err := strconv.Atoi(value)
	must(err)
	arrange.Descriptors(0, func() {
		must(unix.Kill(pid, unix.SIGKILL))
		for unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
		}
		tried = try(p)
	})
	return tried
}

func end(p *pool.Pool) {
	p.Terminate()
	p.Join()
}
