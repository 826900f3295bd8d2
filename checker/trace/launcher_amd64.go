package trace

// machine is EM_X86_64, elf(5).
const machine = 62

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
