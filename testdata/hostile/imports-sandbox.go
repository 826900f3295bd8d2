// -> refused: the kit's own
// The checker's own walls, for the attempt's use.
package join

import _ "forklings/checker/sandbox"
