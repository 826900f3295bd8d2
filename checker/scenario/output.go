package scenario

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"forklings/checker/lang"
	"forklings/checker/trace"

	"golang.org/x/sys/unix"
)

var streams = []string{"stdout", "stderr"}

// What is shown of a process's output: enough to recognise a cause by.
const (
	maxLines  = 20 // of each stream: the first half and the last
	maxLine   = 160
	readBytes = 8 << 10 // from each end
)

// outputFile is the file in the scenario's folder that a process writes a stream to.
func outputFile(name, stream string) string {
	return "." + strings.ReplaceAll(name, "/", "_") + "." + stream
}

// stream reads what a started process has written, without the middle when that is long.
func (s *stage) stream(name, stream string) string {
	// A program may have put something else in its place: a link to what it must not see, a FIFO that nobody writes to.
	f, err := os.OpenFile(filepath.Join(s.seen, outputFile(name, stream)), os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if err != nil {
		return ""
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	head, _ := io.ReadAll(io.LimitReader(f, readBytes))
	info, err := f.Stat()
	if err != nil || info.Size() <= int64(len(head)) {
		return string(head)
	}
	tail := make([]byte, min(readBytes, info.Size()-int64(len(head))))
	n, _ := f.ReadAt(tail, info.Size()-int64(len(tail)))
	if info.Size() > int64(len(head)+n) {
		return string(head) + "\n" + s.Lang.Sprintf("[%d bytes left out]", info.Size()-int64(len(head)+n)) + "\n" + string(tail[:n])
	}
	return string(head) + string(tail[:n])
}

// lines are the whole lines that a started process has written to the stream.
func (s *stage) lines(name, stream string) (lines []string) {
	for line := range strings.Lines(s.stream(name, stream)) {
		if whole, ok := strings.CutSuffix(line, "\n"); ok {
			lines = append(lines, whole)
		}
	}
	return lines
}

// output is what the started processes have written, cut to what a person reads, every line with its author. What a process has
// started writes to the same files, as a rule: then nobody knows whose line it is.
func (s *stage) output() string {
	var b strings.Builder
	for _, p := range s.cast {
		for _, stream := range streams {
			lines := strings.Split(strings.TrimRight(s.stream(p.name, stream), "\n"), "\n")
			if !p.started || len(lines) == 1 && lines[0] == "" {
				continue
			}
			if n := len(lines) - maxLines; n > 0 {
				note := s.Lang.Sprintf("[%d lines left out]", n)
				lines = append(append(append([]string{}, lines[:maxLines/2]...), note), lines[len(lines)-maxLines/2:]...)
			}
			author := p.name + ": "
			if s.hasBelow(p) {
				author = s.Lang.Sprintf("%s or a descendant", p.name) + ": "
				if len(lines) > 1 {
					fmt.Fprintln(&b, strings.TrimSpace(author))
					author = "  "
				}
			}
			for _, line := range lines {
				fmt.Fprintf(&b, "%s%s\n", author, cut(s.Lang, printable(line), maxLine))
			}
		}
	}
	return b.String()
}

// hasBelow: it has started others, as far as they have said a name, or as the tracer has seen them run a program.
func (s *stage) hasBelow(p *process) bool {
	return slices.ContainsFunc(s.cast, func(q *process) bool { return !q.started && (q.below == nil || q.below == p) }) ||
		s.traced != nil && s.traced.find(func(r trace.Record) bool {
			return r.Op == trace.Start && r.PID == p.pid && s.traced.command(r.Target) != ""
		}) >= 0
}

// above finds who of those that the script has started has this one below it, nil: that cannot be told.
func (s *stage) above(pid int) *process {
	for range 100 {
		st, ok := s.proc.Stat(pid)
		if !ok {
			return nil
		}
		pid = st.Parent
		switch p := s.byPID[pid]; {
		case p == nil:
		case p.started:
			return p
		default:
			return p.below
		}
	}
	return nil
}

// printable shows bytes that are no text, and what would move a terminal's cursor, as escapes.
func printable(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		r, n := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, text[0])
		case r == '\t' || unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
		text = text[n:]
	}
	return b.String()
}

// cut shortens a text to so many characters.
func cut(l lang.Lang, text string, most int) string {
	r := []rune(text)
	if len(r) <= most {
		return text
	}
	return l.Sprintf("%s… (%d more)", string(r[:most]), len(r)-most)
}

// running finds the processes whose executable lies in the folder.
func running(dir string) (pids []int) {
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		exe, err := os.Readlink("/proc/" + e.Name() + "/exe")
		if err != nil || !strings.HasPrefix(exe, dir+"/") {
			continue
		}
		stat, _ := os.ReadFile("/proc/" + e.Name() + "/stat")
		if i := bytes.LastIndexByte(stat, ')'); i > 0 && i+2 < len(stat) && stat[i+2] != 'Z' {
			pids = append(pids, pid)
		}
	}
	return pids
}
