// -> refused: //go:embed
// The solution in a string.
package join

import _ "embed"

//go:embed ../../solutions/join/join.go
var solution string
