package program

import (
	"runtime"
)

// pidfds counts the open descriptors of processes. os.Process has one, and a process that was waited for by its PID keeps
// it until the garbage collector has found it. So that is given its chance; last of all, because afterwards the runtime
// naps for a while, which looks like polling.
func pidfds() (open int) {
	for range 5 {
		open = 0
		for _, to := range links() {
			if isPidfd(to) {
				open++
			}
		}
		if open == 0 {
			return 0
		}
		collect()
	}
	return open
}

// collect returns when the garbage of now has been collected, and what is done at the end of an object has been done.
func collect() {
	type object struct{ self *[64]byte }
	done := make(chan struct{}, 2)
	gone := func(struct{}) { done <- struct{}{} }
	runtime.AddCleanup(&object{new([64]byte)}, gone, struct{}{})
	runtime.SetFinalizer(&object{new([64]byte)}, func(*object) { done <- struct{}{} })
	for len(done) < cap(done) {
		runtime.GC()
	}
}
