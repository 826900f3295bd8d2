package program

import (
	"os"
	"strings"

	"forklings/checker/syncpoint"
)

// clean is the log clean-up: it moves the lines of all days but the last one from the log to the archive. Whoever
// cuts it off between the two steps has these lines twice.
func clean(me syncpoint.Role, log, archive string) {
	text, err := os.ReadFile(log)
	must(err)
	lines := strings.SplitAfter(strings.TrimSpace(string(text))+"\n", "\n")
	lines = lines[:len(lines)-1]
	today, _, _ := strings.Cut(lines[len(lines)-1], " ")
	first := 0
	for !strings.HasPrefix(lines[first], today) {
		first++
	}

	file, err := os.OpenFile(archive, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	must(err)
	_, err = file.WriteString(strings.Join(lines[:first], ""))
	must(err)
	must(file.Close())

	me.Reach("half-done")
	must(os.WriteFile(log+".new", []byte(strings.Join(lines[first:], "")), 0o644))
	must(os.Rename(log+".new", log))
}

// audit counts the lines of some files, together.
func audit(files []string) (lines int) {
	for _, name := range files {
		text, err := os.ReadFile(name)
		must(err)
		lines += strings.Count(string(text), "\n")
	}
	return lines
}
