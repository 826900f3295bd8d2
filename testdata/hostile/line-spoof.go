// -> broken: undefined: nothing
// The error claims to be another exercise's, and a workflow command.
package join

//line exercises/01-identity/identity.go:1
var a = nothing

//line ::error file=exercises/01-identity/identity.go,line=1::forged:1
var b = nothing
