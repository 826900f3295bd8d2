// -> broken: instantiation cycle
// A type that grows without end while it is checked.
package join

type T[P any] struct{ next *T[T[P]] }

var t T[int]
