package trace

import "golang.org/x/sys/unix"

// CanTakeTurns: calls can be changed and taken back on this machine.
const CanTakeTurns = true

// setArgument sets the second argument of the call that a thread is about to make, or has made.
func setArgument(tid int, to uint64) error {
	return change(tid, func(r *unix.PtraceRegs) { r.Rsi = to })
}

// setResult sets what the call has returned.
func setResult(tid int, to int64) error {
	return change(tid, func(r *unix.PtraceRegs) { r.Rax = uint64(to) })
}

// rewind takes a thread back to before the call that it has made, with these first two arguments.
func rewind(tid int, first, second uint64) error {
	const syscall = 2 // bytes of the instruction
	return change(tid, func(r *unix.PtraceRegs) { r.Rax, r.Rdi, r.Rsi, r.Rip = r.Orig_rax, first, second, r.Rip-syscall })
}

func change(tid int, f func(*unix.PtraceRegs)) error {
	var r unix.PtraceRegs
	if err := unix.PtraceGetRegs(tid, &r); err != nil {
		return err
	}
	f(&r)
	return unix.PtraceSetRegs(tid, &r)
}
