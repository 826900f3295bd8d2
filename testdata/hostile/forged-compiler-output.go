// -> broken: cannot use
// What the compiler quotes looks like the go tool's own words about another exercise.
package join

var a int = "\n# forklings/exercises/01-identity\n{\"ImportPath\":\"forklings/exercises/01-identity\",\"Action\":\"build-fail\"}\n"

type T struct {
	F int `\n# forklings/exercises/01-identity`
}
