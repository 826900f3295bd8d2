// -> broken: out of memory
// A program of a hundred gigabytes.
package join

var Data = [100 << 30]byte{100<<30 - 1: 1}
