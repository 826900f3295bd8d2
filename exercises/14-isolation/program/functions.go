package program

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"

	"forklings/exercises/14-isolation"
)

// functions are what the children run, by their names.
var functions = map[string]func(s *State, send func(string)){
	"count": count,
	"talk":  talk,
	"nest":  nest,
	"nest-large": func(s *State, send func(string)) {
		_, err := isolation.Start("send-large", s)
		must(err)
		child.Reach("nested")
		send("nested")
	},
	"compare": func(s *State, send func(string)) {
		child.Say("state", s.comparedTo(long()))
		child.Reach("compared")
	},
	"tell": func(s *State, send func(string)) {
		send("before the end")
	},
	"exit-0": func(s *State, send func(string)) {
		send("before the end")
		os.Exit(0)
	},
	"exit-3": func(s *State, send func(string)) {
		child.Reach("sending")
		send("before the end")
		os.Exit(3)
	},
	"panic": func(s *State, send func(string)) {
		child.Reach("sending")
		send("before the end")
		panic("on purpose")
	},
	"held": func(s *State, send func(string)) {
		send("before the end")
		child.Reach("sent")
	},
	"leave": func(s *State, send func(string)) {
		if len(os.Args) > 1 && os.Args[1] == "program" {
			return // what was left behind takes itself for a child: it leaves nothing
		}
		runProgram("program")
		child.Reach("leaving")
		send("left")
	},
	"leave-and-exit": func(s *State, send func(string)) {
		if len(os.Args) > 1 && os.Args[1] == "program" {
			return
		}
		runProgram("program")
		child.Reach("leaving")
		send("left")
		os.Exit(3)
	},
	"many": func(s *State, send func(string)) {
		child.Reach("sending")
		for _, m := range many() {
			send(m)
		}
		child.Reach("sent")
	},
	"send-large": func(s *State, send func(string)) {
		child.Reach("sending")
		send(large())
		child.Reach("sent")
	},
}

// large is a message that no pipe holds at once. It is made when it is asked for: this file is part of every exercise's
// program.
var large = sync.OnceValue(func() string { return strings.Repeat("a large message ", 1<<16) })

// count adds one, like everything that it changes, to its own state.
func count(s *State, send func(string)) {
	child.Say("state", s.comparedTo(written(s.N)))
	s.change()
	child.Say("n", s.N)
	child.Reach("counted")
	send(fmt.Sprint(s.N))
	child.Reach("sent")
}

// messages are what talk sends. With each one it prints two lines.
func messages() []string {
	return []string{"", "one", "", "two\nlines\n", "\n", "  around  ", "tab\t, carriage\r\n", `"quoted"`, "\u6f22\u5b57", "\x00", "EOF", large(), "%d", ""}
}

func talk(s *State, send func(string)) {
	child.Reach("talking")
	for i, m := range messages() {
		fmt.Println("line", i)
		fmt.Fprintln(os.Stderr, "error line", i)
		send(m)
	}
}

// many are two kilobytes of short messages.
func many() (all []string) {
	for i := range 20 {
		all = append(all, fmt.Sprintf("message %2d%90s", i, "."))
	}
	return all
}

// heard receives to the end, and says what came of the messages.
func heard(c *isolation.Child, sent []string) string {
	var got []string
	for {
		message, err := c.Receive()
		switch {
		case err == nil:
			got = append(got, message)
		case err != io.EOF:
			return "an error at the end"
		case slices.Equal(got, sent):
			return "unchanged"
		case len(got) != len(sent) && strings.Join(got, "") != strings.Join(sent, ""):
			return "another number"
		default:
			return "damaged"
		}
	}
}

// nest starts a child with the state as it has changed it, and does not wait for it.
func nest(s *State, send func(string)) {
	s.change()
	child.Say("n", s.N)
	_, err := isolation.Start("count", s)
	must(err)
	child.Reach("nested")
	send("nested")
}
