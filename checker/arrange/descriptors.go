package arrange

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Links are what this process's descriptors point to.
func Links() (to []string) {
	all, err := filepath.Glob("/proc/self/fd/*")
	must(err)
	for _, link := range all {
		if l, err := os.Readlink(link); err == nil {
			to = append(to, l)
		}
	}
	return to
}

// IsPidfd reports whether a descriptor that points there is one of a process.
func IsPidfd(to string) bool { return to == "anon_inode:[pidfd]" || strings.HasPrefix(to, "pidfd:") }

// Pidfds counts the open descriptors of processes, which the fact descriptors leaves out: os.Process has one, and a process
// that was waited for by its PID keeps it until the garbage collector has found it. So that is given its chance; last of
// all, because afterwards the runtime naps for a while, which looks like polling.
func Pidfds() (open int) {
	for range 5 {
		open = 0
		for _, to := range Links() {
			if IsPidfd(to) {
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
