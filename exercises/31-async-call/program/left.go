package program

import (
	"os"
	"syscall"

	"forklings/checker/syncpoint"
	"forklings/exercises/31-async-call"
)

// unasked begins a call that nobody asks for its answer, and says, when that is over, whether it has left a descriptor.
func unasked(me syncpoint.Role) {
	tell(me, asynccall.Begin("mute"))
	before := descriptors()
	call := begin(me)
	me.Say("ready", call.Ready())
	me.Say("left", left(before))
	me.Reach("counted")
	tell(me, call)
	me.Reach("got")
}

// short begins calls while it may have no descriptor more, then one, two and so on, until there are enough. Those of them that
// can be started exit with 3, so every one is a failure.
func short(me syncpoint.Role) {
	tell(me, asynccall.Begin("mute"))
	me.Reach("one-made")
	before := descriptors()
	var limit syscall.Rlimit
	must(syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit))
	unnoticed := "none"
	for n := range uint64(before + 16) {
		must(syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: n, Max: limit.Max}))
		if answer, err := asynccall.Begin("ending", "3").Get(); err == nil {
			unnoticed = outcome(answer, err)
		}
	}
	must(syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit))
	me.Say("unnoticed", unnoticed)
	me.Reach("many-made")
	me.Say("left", left(before))
	tell(me, asynccall.Begin("mute"))
	me.Reach("got")
}

// descriptors counts what this process has open.
func descriptors() int {
	list, err := os.ReadDir("/proc/self/fd")
	must(err)
	return len(list)
}

// left tells whether more is open than before.
func left(before int) string {
	if descriptors() > before {
		return "descriptors"
	}
	return "nothing"
}
