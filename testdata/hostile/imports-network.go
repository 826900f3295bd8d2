// -> refused: not part of the course
// A package that would have to be fetched.
package join

import _ "example.com/forklings/hostile"
