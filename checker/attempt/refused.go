package attempt

import "forklings/checker/kit"

// Refused is an attempt at every exercise that fails for one reason, such as a folder that was handed in empty.
func Refused(k *kit.Kit, dir string, reason error) *Attempt {
	a := &Attempt{Dir: dir}
	for _, e := range k.Exercises {
		a.Handed = append(a.Handed, Handed{Exercise: e, Dir: dir, Err: reason})
	}
	return a
}
