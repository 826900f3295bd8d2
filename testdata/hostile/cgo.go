// -> refused: cgo is off
// C code, which a compiler outside of Go would be run for.
package join

// int answer() { return 42; }
import "C"
