// -> broken: too large
// A program of a gigabyte, which the linker would write to the disk.
package join

var Data = [1 << 30]byte{1<<30 - 1: 1}
