//go:build linux

// Package seccomp writes the BPF programs that decide about system calls, seccomp(2).
package seccomp

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Offsets in struct seccomp_data.
const (
	Nr   = 0 // the number of the call
	arch = 4
)

// Arg is the offset of an argument's lower half, on the little-endian machines that this is built for.
func Arg(n uint32) uint32 { return 16 + 8*n }

// Program is a BPF program.
type Program = []unix.SockFilter

// Load loads what stands at an offset.
func Load(at uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: at}
}

// Jump compares what was loaded (unix.BPF_JEQ and so on), and leaves out so many instructions.
func Jump(compare uint16, k uint32, yes, no uint8) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_K | compare, K: k, Jt: yes, Jf: no}
}

// Return is the verdict.
func Return(verdict uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: verdict}
}

// Begin is the beginning of a program: calls of another machine's kind get the verdict, of all others the number is loaded.
func Begin(verdict uint32) (Program, error) {
	machine, ok := map[string]uint32{"amd64": unix.AUDIT_ARCH_X86_64, "arm64": unix.AUDIT_ARCH_AARCH64}[runtime.GOARCH]
	if !ok {
		return nil, fmt.Errorf("no filter for %s", runtime.GOARCH)
	}
	p := Program{Load(arch), Jump(unix.BPF_JEQ, machine, 1, 0), Return(verdict), Load(Nr)}
	if runtime.GOARCH == "amd64" { // the x32 calls have numbers of their own
		p = append(p, Jump(unix.BPF_JGE, 0x40000000, 0, 1), Return(verdict))
	}
	return p, nil
}

// instruction is the size of a unix.SockFilter, struct sock_filter.
const instruction = 8

// Bytes is a program as it stands in memory.
func Bytes(p Program) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(&p[0])), len(p)*instruction)
}

// FromBytes is the program that Bytes gave.
func FromBytes(b []byte) Program {
	p := make(Program, len(b)/instruction)
	for i := range p {
		at := b[i*instruction:]
		p[i] = unix.SockFilter{Code: binary.NativeEndian.Uint16(at), Jt: at[2], Jf: at[3], K: binary.NativeEndian.Uint32(at[4:])}
	}
	return p
}

// Install makes a program this thread's, and that of all that it starts. With SECCOMP_FILTER_FLAG_NEW_LISTENER it returns the
// descriptor to listen at.
func Install(p Program, flags uintptr) (fd int, err error) {
	if len(p) == 0 {
		return -1, unix.EINVAL
	}
	program := unix.SockFprog{Len: uint16(len(p)), Filter: &p[0]}
	n, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, flags, uintptr(unsafe.Pointer(&program)))
	if errno != 0 {
		return -1, errno
	}
	return int(n), nil
}
