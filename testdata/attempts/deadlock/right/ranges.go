// Package deadlock locks bytes of one file, a byte for each account, in the order of the bytes.
package deadlock

import (
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Transfer locks the byte of each account in one file. The byte's number comes from the name.
func Transfer(dir, from, to string, amount int, inside func()) error {
	if from == to {
		return nil
	}
	f, err := os.OpenFile(filepath.Join(dir, ".locks"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	bytes := []int64{number(from), number(to)}
	slices.Sort(bytes)
	for _, at := range bytes {
		for {
			one := unix.Flock_t{Type: unix.F_WRLCK, Start: at, Len: 1}
			err := unix.FcntlFlock(f.Fd(), unix.F_OFD_SETLKW, &one)
			if err == nil {
				break
			}
			if err != unix.EINTR {
				return err
			}
		}
	}
	inside()
	return move(dir, from, to, amount)
}

func number(name string) int64 {
	h := fnv.New64a()
	h.Write([]byte(name))
	return int64(h.Sum64() >> 2)
}

// move changes the two numbers.
func move(dir, from, to string, amount int) error {
	giver, err := read(dir, from)
	if err != nil {
		return err
	}
	receiver, err := read(dir, to)
	if err != nil {
		return err
	}
	if giver < amount {
		return fmt.Errorf("%s has only %d", from, giver)
	}
	return errors.Join(write(dir, from, giver-amount), write(dir, to, receiver+amount))
}

func read(dir, name string) (int, error) {
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(text)))
}

func write(dir, name string, n int) error {
	return os.WriteFile(filepath.Join(dir, name), fmt.Appendln(nil, n), 0o644)
}
