package program

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
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

// links are what this process's descriptors point to.
func links() (to []string) {
	all, err := filepath.Glob("/proc/self/fd/*")
	must(err)
	for _, link := range all {
		if l, err := os.Readlink(link); err == nil {
			to = append(to, l)
		}
	}
	return to
}

// descriptors counts the open ones, but for pidfds and those that the Go runtime may open at any time.
func descriptors() (n int) {
	for _, to := range links() {
		if !isPidfd(to) && to != "anon_inode:[eventpoll]" && to != "anon_inode:[eventfd]" {
			n++
		}
	}
	return n
}

func isPidfd(to string) bool { return to == "anon_inode:[pidfd]" || strings.HasPrefix(to, "pidfd:") }
