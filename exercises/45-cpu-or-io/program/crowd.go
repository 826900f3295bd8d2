package program

import (
	"forklings/checker/syncpoint"

	"golang.org/x/sys/unix"
)

// crowd lets so many pieces go on when all of them have begun: all but one, and then that one.
func crowd(me syncpoint.Role, n int) {
	arrived, gate := pipe("arrived"), pipe("gate")
	for range n {
		must1(unix.Read(arrived, make([]byte, 1)))
	}
	me.Reach("crowded")
	must1(unix.Write(gate, make([]byte, n-1)))
	me.Reach("all-but-one")
	must1(unix.Write(gate, make([]byte, 1)))
}

// waitForCrowd waits until all the others have begun, too.
func waitForCrowd() {
	arrived, gate := pipe("arrived"), pipe("gate")
	defer unix.Close(arrived)
	defer unix.Close(gate)
	must1(unix.Write(arrived, make([]byte, 1)))
	must1(unix.Read(gate, make([]byte, 1)))
}

// pipe is a named pipe for this process and the children, open for both directions.
func pipe(name string) int {
	path := kitFile(name)
	if err := unix.Mkfifo(path, 0o600); err != unix.EEXIST {
		must(err)
	}
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_CLOEXEC, 0)
	must(err)
	return fd
}

func must1(_ int, err error) { must(err) }
