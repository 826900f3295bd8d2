package program

import (
	"fmt"
	"net"
	"os"
	"path/filepath"

	"forklings/checker/arrange"
)

// ip is an address of the loopback that only this process uses: where scenarios share a network, their ports differ
// all the same (127.0.0.0/8 in ip(7)). It has one in each half, 0 and 1.
func ip(half int) string {
	pid := os.Getpid()
	return fmt.Sprintf("127.%d.%d.%d", half<<7|pid>>16&127, pid>>8&255, pid&255)
}

const (
	noted      = ".kit/address"
	notedOther = ".kit/other"
)

// note keeps a server's address for the clients, and for a server that takes it again.
func note(where, address string) {
	must(os.MkdirAll(filepath.Dir(where), 0o755))
	must(os.WriteFile(where, []byte(address), 0o644))
}

func lastAddress(where string) (address string, known bool) {
	text, err := os.ReadFile(where)
	return string(text), err == nil
}

// reachable: somebody listens there.
func reachable(address string) bool {
	conn, err := net.Dial("tcp", address)
	if err == nil {
		conn.Close()
	}
	return err == nil
}

// descriptors counts the open ones, but for pidfds. The poller of the Go runtime, which may come at any time, is there from the
// first count on: a pipe of package os needs it.
func descriptors() (n int) {
	r, w, err := os.Pipe()
	must(err)
	r.Close()
	w.Close()
	for _, to := range arrange.Links() {
		if !arrange.IsPidfd(to) {
			n++
		}
	}
	return n
}
