package arrange

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"forklings/checker/syncpoint"
)

// Hand is a file in the folder of the running executable, beside the checker's socket, where a person runs the program by
// hand. It holds what a line about the usage begins with.
const Hand = ".by-hand"

// misused is the exit status of a program that a person has run with other arguments than it takes.
const misused = 2

// Role is the role named by the program's first argument. The usage has a line for each role that takes arguments, or
// several roles at once:
//
//	one|two STATUS [NAME...]
//
// A word in capitals stands for an argument, one in small letters for itself, or for one of several with bars between them; in
// square brackets stands what may be missing; three dots let a word come again, and in round brackets a group of
// words. Who runs the program by hand with other arguments is told the line, and the process ends with status 2. In a scenario
// nothing is looked at: what a learner's function has passed on there shows in what happens.
func Role(usage string) syncpoint.Role {
	me := syncpoint.Asked()
	line, ok := Check(usage, string(me), os.Args[min(2, len(os.Args)):])
	if ok {
		return me
	}
	if begin, hand := byHand(); hand {
		fmt.Fprintf(os.Stderr, "%s %s\n", begin, line)
		os.Exit(misused)
	}
	return me
}

func byHand() (begin string, hand bool) {
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return "", false
	}
	text, err := os.ReadFile(filepath.Join(filepath.Dir(exe), Hand))
	return string(text), err == nil
}

// Check reports whether the role takes these arguments, and gives its line of the usage: "one STATUS [NAME...]", the
// role alone when it has none. Without a line, all arguments are taken.
func Check(usage, role string, args []string) (line string, ok bool) {
	for text := range strings.Lines(usage) {
		roles, words, _ := strings.Cut(strings.TrimSpace(text), " ")
		if role != "" && slices.Contains(strings.Split(roles, "|"), role) {
			return role + " " + words, fits(strings.Fields(words), args)
		}
	}
	return role, true
}

// fits reports whether the arguments are what the words stand for.
func fits(words, args []string) bool {
	if len(words) > 0 && strings.HasPrefix(words[0], "(") { // a group, which is the last
		for i := range words {
			words[i] = strings.Trim(words[i], "().")
		}
		for n := len(words); len(args) > n; args = args[n:] {
			if !fits(words, args[:n]) {
				return false
			}
		}
		return fits(words, args)
	}
	if len(words) == 0 {
		return len(args) == 0
	}
	word, optional := strings.CutPrefix(words[0], "[")
	word = strings.TrimSuffix(word, "]")
	word, again := strings.CutSuffix(word, "...")
	if len(args) == 0 {
		return optional && fits(words[1:], nil)
	}
	if !stands(word, args[0]) {
		return false
	}
	if again && len(args) > 1 {
		return fits(words, args[1:])
	}
	return fits(words[1:], args[1:])
}

// stands reports whether a word of the usage stands for the argument.
func stands(word, arg string) bool {
	if one, others, several := strings.Cut(word, "|"); several {
		return stands(one, arg) || stands(others, arg)
	}
	n, notNumber := strconv.Atoi(arg)
	switch word {
	case "STATUS", "VALUE":
		return notNumber == nil
	case "N", "AMOUNT", "PLACES", "PROCESSES", "THREADS", "TICKETS":
		return notNumber == nil && n >= 0
	case "PID":
		return notNumber == nil && n > 0
	case "DURATION":
		_, err := time.ParseDuration(arg)
		return err == nil
	}
	return strings.ToUpper(word) == word || word == arg
}
