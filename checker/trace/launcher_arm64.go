package trace

import "encoding/binary"

// machine is EM_AARCH64, elf(5).
const machine = 183

// small is the launcher in machine code, as that of amd64.
var small = func() (code []byte) {
	const number = 5 // from which bit on an instruction has its number
	for _, instruction := range []uint32{
		0x910003f3,                //                      mov  x19, sp          ; argc, argv[0] = Launcher, argv[1] = path, argv[2:] the program's
		0xd14023ff,                //                      sub  sp, sp, 32768    ; 4096 instructions are the most, seccomp(2)
		0xd2800014,                //                      mov  x20, 0
		0xd28007e8,                //                more: mov  x8, 63           ; read(held, sp+x20, 32768-x20)
		0xd2800000 | held<<number, //       mov  x0, held
		0x8b3463e1,                //                      add  x1, sp, x20
		0xd2900002,                //                      mov  x2, 32768
		0xcb140042,                //                      sub  x2, x2, x20
		0xd4000001,                //                      svc  0
		0xb100101f,                //                      cmp  x0, -EINTR
		0x54ffff20,                //                      b.eq more
		0xf100001f,                //                      cmp  x0, 0
		0x5400006d,                //                      b.le end
		0x8b000294,                //                      add  x20, x20, x0
		0x17fffff5,                //                      b    more
		0xd2800728,                //                 end: mov  x8, 57           ; close(held)
		0xd2800000 | held<<number, //       mov  x0, held
		0xd4000001,                //                      svc  0
		0x910003e1,                //                      mov  x1, sp
		0xd343fe94,                //                      lsr  x20, x20, 3      ; bytes to instructions
		0xa9bf07f4,                //                      stp  x20, x1, [sp, -16]! ; struct sock_fprog: their number, where they are
		0xd28022a8,                //                      mov  x8, 277          ; seccomp(SECCOMP_SET_MODE_FILTER, 0, sp)
		0xd2800020,                //                      mov  x0, 1
		0xd2800001,                //                      mov  x1, 0
		0x910003e2,                //                      mov  x2, sp
		0xd4000001,                //                      svc  0
		0x35000100,                //                      cbnz w0, fail
		0xf9400263,                //                      ldr  x3, [x19]        ; execve(argv[1], argv+2, envp)
		0xf9400a60,                //                      ldr  x0, [x19, 16]
		0x91006261,                //                      add  x1, x19, 24
		0x8b030e62,                //                      add  x2, x19, x3, lsl 3
		0x91004042,                //                      add  x2, x2, 16
		0xd2801ba8,                //                      mov  x8, 221
		0xd4000001,                //                      svc  0
		0xd2800808,                //                fail: mov  x8, 64           ; write(2, complaint, its length)
		0xd2800040,                //                      mov  x0, 2
		0x100000c1,                //                      adr  x1, its address
		0xd2800002 | uint32(len(complaint))<<number, // mov x2, its length
		0xd4000001,               //                      svc  0
		0xd2800000 | 125<<number, //        mov  x0, 125
		0xd2800bc8,               //                      mov  x8, 94           ; exit_group(125)
		0xd4000001,               //                      svc  0
	} {
		code = binary.LittleEndian.AppendUint32(code, instruction)
	}
	return append(code, complaint...)
}()
