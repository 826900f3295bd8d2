package scenario

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"forklings/checker/lang"

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

// output is what the started processes have written, cut to what a person reads, every line with its author.
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
			for _, line := range lines {
				fmt.Fprintf(&b, "%s: %s\n", p.name, cut(s.Lang, printable(line), maxLine))
			}
		}
	}
	return b.String()
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
