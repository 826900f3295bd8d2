// One goroutine holds the lock on a thread of its own, another one calls pay, a third one stores the count.

package tickets

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/sys/unix"
)

type data struct {
	Count int `json:"count"`
}

// apart runs f in a goroutine of its own, and hands a panic of f on.
func apart(f func() error) (err error) {
	done := make(chan any)
	go func() {
		defer func() { done <- recover() }()
		err = f()
	}()
	if p := <-done; p != nil {
		panic(p)
	}
	return err
}

func Left(dir string) (int, error) {
	text, err := os.ReadFile(filepath.Join(dir, "data.json"))
	if err != nil {
		return 0, err
	}
	var d data
	err = json.Unmarshal(text, &d)
	return d.Count, err
}

func Buy(dir string, pay func(left int) error) (bool, error) {
	unlock, err := lock(dir)
	if err != nil {
		return false, err
	}
	defer unlock()
	left, err := Left(dir)
	if err != nil || left < 1 {
		return false, err
	}
	if err := apart(func() error { return pay(left) }); err != nil {
		return false, err
	}
	if err := apart(func() error { return store(dir, left-1) }); err != nil {
		return false, err
	}
	return true, nil
}

func store(dir string, count int) error {
	text, err := json.Marshal(data{count})
	if err != nil {
		return err
	}
	fresh := filepath.Join(dir, "data.json.new")
	if err := os.WriteFile(fresh, text, 0o644); err != nil {
		return err
	}
	return os.Rename(fresh, filepath.Join(dir, "data.json"))
}

func lock(dir string) (unlock func(), err error) {
	locked, free, done := make(chan error), make(chan bool), make(chan bool)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		defer close(done)
		fd, err := unix.Open(filepath.Join(dir, "lock"), unix.O_RDWR|unix.O_CREAT|unix.O_CLOEXEC, 0o666)
		if err == nil {
			defer unix.Close(fd)
			err = unix.Flock(fd, unix.LOCK_EX)
		}
		if locked <- err; err == nil {
			<-free
		}
	}()
	return func() { close(free); <-done }, <-locked
}
