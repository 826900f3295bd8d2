package program

import (
	"bytes"
	"strings"

	"forklings/checker/syncpoint"
	"forklings/exercises/30-nonblocking"

	"golang.org/x/sys/unix"
)

// writeSteps writes to the source's other end, reads what has arrived, and compares.
func writeSteps(me syncpoint.Role, s *source, list []string) {
	f := s.out
	if f == nil {
		f = s.in
	}
	out := descriptor(f)
	var written []byte
	me.Reach("ready")
	for _, step := range list {
		word, argument, _ := strings.Cut(step, ":")
		switch word {
		case "write": // so many bytes, no two lines the same
			b := lines(len(written), number(argument))
			n, err := nonblocking.TryWrite(f, b)
			switch {
			case n < 0 || n > len(b):
				me.Say("wrote", "an impossible number")
			case n == len(b):
				me.Say("wrote", "all")
			case n > 0:
				me.Say("wrote", "some")
			default:
				me.Say("wrote", "nothing")
			}
			me.Say("error", name(err))
			written = append(written, b[:min(len(b), max(0, n))]...)
			clear(b) // it is the caller's again

		case "write-often": // while nothing fits
			before := now()
			me.Say("slept", sleeps(func() { nonblocking.TryWrite(f, []byte("x")) }))
			tellKept(me, before)

		case "drain":
			arrived := drain(s.fd, -1)
			me.Say("arrived", bytes.Equal(arrived, written))
			written = written[:0]

		case "text": // a word into a regular file
			n, err := nonblocking.TryWrite(f, []byte(argument))
			me.Say("wrote", n)
			me.Say("error", name(err))

		case "skip": // so many bytes of a regular file are read
			drain(s.fd, number(argument))

		case "close":
			must(s.in.Close())

		case "mode":
			me.Say("mode", mode(out))
		}
		me.Reach(word)
	}
}

// lines is a part of an endless text: so many bytes from there.
func lines(from, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		at := from + i
		b[i] = byte('a' + (at+at/64+at/4096)%26)
	}
	return b
}

// drain reads what is there now, at most so many bytes. Nobody else reads.
func drain(fd, limit int) (text []byte) {
	b := make([]byte, 64<<10)
	for limit != 0 {
		ready := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		n, err := unix.Poll(ready, 0)
		if err == unix.EINTR {
			continue
		}
		must(err)
		if n == 0 {
			return text
		}
		if limit > 0 {
			b = b[:limit]
		}
		n, err = unix.Read(fd, b)
		must(err)
		if n == 0 {
			return text
		}
		text = append(text, b[:n]...)
		limit = max(-1, limit-n)
	}
	return text
}
