// Reads /proc/PID/status, where the kernel writes a newline in a name as two characters.
package identity

import (
	"bufio"
	"os"
	"strconv"
	"strings"
)

func PID() int { return field("self", "Pid") }

func ParentPID() int { return field("self", "PPid") }

func Program() (string, error) { return os.Readlink("/proc/self/exe") }

func Ancestors() (line []int, err error) {
	for pid := PID(); pid != 0; pid = field(strconv.Itoa(pid), "PPid") {
		if pid < 0 {
			return Ancestors() // it has ended meanwhile
		}
		line = append(line, pid)
	}
	return line, nil
}

func field(process, name string) int {
	file, err := os.Open("/proc/" + process + "/status")
	if err != nil {
		return -1
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), name+":"); ok {
			n, _ := strconv.Atoi(strings.TrimSpace(value))
			return n
		}
	}
	return -1
}
