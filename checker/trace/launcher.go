//go:build amd64 || arm64

package trace

import (
	"encoding/binary"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// complaint is what the small launcher says when the program cannot be started; the timeline says why.
const complaint = "forklings: the program cannot be started under the tracer\n"

// SmallLauncher gives a path by which children can execute the small launcher: a file in memory that stays open. The error
// says why there is none (memfd_create(2), vm.memfd_noexec).
func SmallLauncher() (path string, err error) {
	fd, err := unix.MemfdCreate(Launcher, unix.MFD_CLOEXEC|unix.MFD_EXEC)
	if err == unix.EINVAL { // before Linux 6.3 all may be executed
		fd, err = unix.MemfdCreate(Launcher, unix.MFD_CLOEXEC)
	}
	if err != nil {
		return "", os.NewSyscallError("memfd_create", err)
	}
	defer unix.Close(fd)
	if _, err := unix.Write(fd, executable(small)); err != nil {
		return "", os.NewSyscallError("write", err)
	}
	// A child has other files under the first numbers by the time it executes this one.
	own, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, held+1)
	if err != nil {
		return "", os.NewSyscallError("fcntl", err)
	}
	return fmt.Sprintf("/proc/self/fd/%d", own), nil
}

// executable puts machine code into an ELF file, elf(5): its header, one program header, and the code.
func executable(code []byte) []byte {
	const at, header, program = 0x400000, 64, 56
	b := append([]byte("\x7fELF"), 2 /* 64 bits */, 1 /* little-endian */, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	b = binary.LittleEndian.AppendUint32(b, 2|machine<<16)         // e_type ET_EXEC, e_machine
	b = binary.LittleEndian.AppendUint32(b, 1)                     // e_version
	for _, n := range []uint64{at + header + program, header, 0} { // e_entry, e_phoff, e_shoff
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	for _, n := range []uint16{0, 0, header, program, 1, 0, 0, 0} { // e_flags, e_ehsize, e_phentsize, e_phnum, e_sh...
		b = binary.LittleEndian.AppendUint16(b, n)
	}
	size := uint64(header + program + len(code))
	for _, n := range []uint64{1 | 5<<32 /* PT_LOAD, r-x */, 0, at, at, size, size, 65536} {
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	return append(b, code...)
}
