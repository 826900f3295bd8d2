package trace

import (
	"encoding/binary"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// complaint is what the small launcher says when the program cannot be started; the timeline says why.
const complaint = "forklings: the program cannot be started under the tracer\n"

// small is the launcher in machine code. One is started for every program that is traced, and a Go program takes ten times as
// long for its start. It reads the filter into its stack, installs it, and becomes the program.
var small = append([]byte{
	0x48, 0x89, 0xe3, //                   mov  rbx, rsp         ; argc, argv[0] = Launcher, argv[1] = path, argv[2:] the program's
	0x48, 0x81, 0xec, 0x00, 0x80, 0, 0, // sub  rsp, 32768       ; 4096 instructions are the most, seccomp(2)
	0x45, 0x31, 0xe4, //                   xor  r12d, r12d
	0x31, 0xc0, //                   more: xor  eax, eax         ; read(held, rsp+r12, 32768-r12)
	0xbf, held, 0, 0, 0, //                mov  edi, held
	0x4a, 0x8d, 0x34, 0x24, //             lea  rsi, [rsp+r12]
	0xba, 0x00, 0x80, 0, 0, //             mov  edx, 32768
	0x44, 0x29, 0xe2, //                   sub  edx, r12d
	0x0f, 0x05, //                         syscall
	0x48, 0x83, 0xf8, 0xfc, //             cmp  rax, -EINTR
	0x74, 0xe5, //                         je   more
	0x48, 0x85, 0xc0, //                   test rax, rax
	0x7e, 0x05, //                         jle  end
	0x49, 0x01, 0xc4, //                   add  r12, rax
	0xeb, 0xdb, //                         jmp  more
	0xb8, 0x03, 0, 0, 0, //           end: mov  eax, 3           ; close(held)
	0xbf, held, 0, 0, 0, //                mov  edi, held
	0x0f, 0x05, //                         syscall
	0x48, 0x89, 0xe0, //                   mov  rax, rsp
	0x41, 0xc1, 0xec, 0x03, //             shr  r12d, 3          ; bytes to instructions
	0x50,       //                         push rax              ; struct sock_fprog: their number, where they are
	0x41, 0x54, //                         push r12
	0xb8, 0x3d, 0x01, 0, 0, //             mov  eax, 317         ; seccomp(SECCOMP_SET_MODE_FILTER, 0, rsp)
	0xbf, 0x01, 0, 0, 0, //                mov  edi, 1
	0x31, 0xf6, //                         xor  esi, esi
	0x48, 0x89, 0xe2, //                   mov  rdx, rsp
	0x0f, 0x05, //                         syscall
	0x85, 0xc0, //                         test eax, eax
	0x75, 0x16, //                         jnz  fail
	0x8b, 0x0b, //                         mov  ecx, [rbx]       ; execve(argv[1], argv+2, envp)
	0x48, 0x8d, 0x54, 0xcb, 0x10, //       lea  rdx, [rbx+8*rcx+16]
	0x48, 0x8d, 0x73, 0x18, //             lea  rsi, [rbx+24]
	0x48, 0x8b, 0x7b, 0x10, //             mov  rdi, [rbx+16]
	0xb8, 0x3b, 0, 0, 0, //                mov  eax, 59
	0x0f, 0x05, //                         syscall
	0xb8, 0x01, 0, 0, 0, //          fail: mov  eax, 1           ; write(2, complaint, its length)
	0xbf, 0x02, 0, 0, 0, //                mov  edi, 2
	0x48, 0x8d, 0x35, 0x13, 0, 0, 0, //    lea  rsi, [rip+19]
	0xba, byte(len(complaint)), 0, 0, 0, //mov  edx, its length
	0x0f, 0x05, //                         syscall
	0xbf, 125, 0, 0, 0, //                 mov  edi, 125
	0xb8, 0xe7, 0, 0, 0, //                mov  eax, 231         ; exit_group(125)
	0x0f, 0x05, //                         syscall
}, complaint...)

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
	if _, err := unix.Write(fd, executable(small)); err != nil {
		unix.Close(fd)
		return "", os.NewSyscallError("write", err)
	}
	return fmt.Sprintf("/proc/self/fd/%d", fd), nil
}

// executable puts machine code into an ELF file, elf(5): its header, one program header, and the code.
func executable(code []byte) []byte {
	const at, header, program = 0x400000, 64, 56
	b := append([]byte("\x7fELF"), 2 /* 64 bits */, 1 /* little-endian */, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	b = binary.LittleEndian.AppendUint32(b, 2|62<<16)              // e_type ET_EXEC, e_machine EM_X86_64
	b = binary.LittleEndian.AppendUint32(b, 1)                     // e_version
	for _, n := range []uint64{at + header + program, header, 0} { // e_entry, e_phoff, e_shoff
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	for _, n := range []uint16{0, 0, header, program, 1, 0, 0, 0} { // e_flags, e_ehsize, e_phentsize, e_phnum, e_sh...
		b = binary.LittleEndian.AppendUint16(b, n)
	}
	size := uint64(header + program + len(code))
	for _, n := range []uint64{1 | 5<<32 /* PT_LOAD, r-x */, 0, at, at, size, size, 4096} {
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	return append(b, code...)
}
