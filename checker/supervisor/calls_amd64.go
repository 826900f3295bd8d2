package supervisor

import "golang.org/x/sys/unix"

var timerCalls = []int{unix.SYS_SETITIMER, unix.SYS_ALARM}

const fstatatCall = unix.SYS_NEWFSTATAT

var forkCalls = []int{unix.SYS_FORK, unix.SYS_VFORK}
