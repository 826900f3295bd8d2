package trace

import "golang.org/x/sys/unix"

// CanTakeTurns: calls can be changed and taken back on this machine.
const CanTakeTurns = true

// setArgument sets the second argument of the call that a thread is about to make, or has made.
func setArgument(tid int, to uint64) error {
	return change(tid, func(r *unix.PtraceRegsArm64) { r.Regs[1] = to })
}

// setResult sets what the call has returned.
func setResult(tid int, to int64) error {
	return change(tid, func(r *unix.PtraceRegsArm64) { r.Regs[0] = uint64(to) })
}

// rewind takes a thread back to before the call that it has made, with these first two arguments: the result stands where the
// first one was.
func rewind(tid int, first, second uint64) error {
	const svc = 4 // bytes of the instruction
	return change(tid, func(r *unix.PtraceRegsArm64) { r.Regs[0], r.Regs[1], r.Pc = first, second, r.Pc-svc })
}

func change(tid int, f func(*unix.PtraceRegsArm64)) error {
	const general = 1 // NT_PRSTATUS, ptrace(2)
	var r unix.PtraceRegsArm64
	if err := unix.PtraceGetRegSetArm64(tid, general, &r); err != nil {
		return err
	}
	f(&r)
	return unix.PtraceSetRegSetArm64(tid, general, &r)
}
