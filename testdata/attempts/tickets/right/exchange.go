// Writes a file without a name, gives it one, and exchanges it with data.json.

package tickets

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

type data struct {
	Count int `json:"count"`
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
	if err := pay(left); err != nil {
		return false, err
	}
	if err := store(dir, left-1); err != nil {
		return false, err
	}
	return true, nil
}

func store(dir string, count int) error {
	text, err := json.Marshal(data{count})
	if err != nil {
		return err
	}
	fd, err := unix.Open(dir, unix.O_TMPFILE|unix.O_WRONLY|unix.O_CLOEXEC, 0o644)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	if n, err := unix.Write(fd, text); err != nil || n < len(text) {
		return fmt.Errorf("%d of %d bytes written: %w", n, len(text), err)
	}
	fresh, name := filepath.Join(dir, "other.json"), filepath.Join(dir, "data.json")
	os.Remove(fresh) // of a buyer that was killed
	if err := unix.Linkat(unix.AT_FDCWD, fmt.Sprintf("/proc/self/fd/%d", fd), unix.AT_FDCWD, fresh, unix.AT_SYMLINK_FOLLOW); err != nil {
		return err
	}
	if err := unix.Renameat2(unix.AT_FDCWD, fresh, unix.AT_FDCWD, name, unix.RENAME_EXCHANGE); err != nil {
		return err
	}
	return os.Remove(fresh)
}

func lock(dir string) (unlock func(), err error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}
