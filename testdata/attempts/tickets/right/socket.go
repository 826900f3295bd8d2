// Who has bound the name of the folder as an abstract socket has the lock; the others sleep in a read from him.

package tickets

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

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
	fresh := filepath.Join(dir, "data.json.new")
	if err := os.WriteFile(fresh, text, 0o644); err != nil {
		return err
	}
	return os.Rename(fresh, filepath.Join(dir, "data.json"))
}

// The kernel frees the name with the last descriptor, and then the reads come to their end.
func lock(dir string) (unlock func(), err error) {
	var folder unix.Stat_t
	if err := unix.Stat(dir, &folder); err != nil {
		return nil, err
	}
	at := &unix.SockaddrUnix{Name: fmt.Sprintf("@tickets-%d-%d", folder.Dev, folder.Ino)}
	for {
		fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			return nil, err
		}
		if unix.Bind(fd, at) == nil {
			return func() { unix.Close(fd) }, unix.Listen(fd, 4096)
		}
		if unix.Connect(fd, at) == nil {
			unix.Read(fd, make([]byte, 1))
		}
		unix.Close(fd)
	}
}
