package kit

import (
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"forklings/checker/lang"
)

var leadingNumber = regexp.MustCompile(`^[0-9]+-`)

// Find returns the exercise that name stands for: its folder (07-join), name (join), number (7 or 07), a path to
// its folder or into it, or the beginning of one exercise's name or folder. What is exact wins. A folder's name
// from before a renumbering still finds its exercise.
//
// For no exercise the error names those called nearly so, and for several it names them.
func (k *Kit) Find(name string) (Exercise, error) {
	key := lastElement(name)
	if key == "" {
		return Exercise{}, lang.Errorf("no exercise named; give a name such as join, 07-join or 7")
	}
	number := -1
	if n, err := strconv.Atoi(key); err == nil {
		number = n
	}
	for _, fits := range []func(Exercise) bool{
		func(e Exercise) bool { return e.Folder == key },
		func(e Exercise) bool { return e.Name == key },
		func(e Exercise) bool { return e.Number == number },
		func(e Exercise) bool { return e.Name == leadingNumber.ReplaceAllString(key, "") },
	} {
		if i := slices.IndexFunc(k.Exercises, fits); i >= 0 {
			return k.Exercises[i], nil
		}
	}

	var begun []Exercise
	for _, e := range k.Exercises {
		if strings.HasPrefix(e.Name, key) || strings.HasPrefix(e.Folder, key) {
			begun = append(begun, e)
		}
	}
	switch {
	case len(begun) == 1:
		return begun[0], nil
	case len(begun) > 1:
		return Exercise{}, lang.Errorf("%q fits %s and %s; say which", name, names(begun[:len(begun)-1]), begun[len(begun)-1].Name)
	}
	switch near := k.near(leadingNumber.ReplaceAllString(key, "")); len(near) {
	case 0:
	case 1:
		return Exercise{}, lang.Errorf("no exercise %q; did you mean %s?", name, near[0].Name)
	default:
		return Exercise{}, lang.Errorf("no exercise %q; did you mean %s or %s?", name, names(near[:len(near)-1]), near[len(near)-1].Name)
	}
	return Exercise{}, lang.Errorf("no exercise %q; checker list shows those there are", name)
}

// lastElement takes the folder out of a path: exercises/07-join/, or exercises/07-join/join.go.
func lastElement(name string) string {
	name = strings.TrimSpace(name)
	if name == "" {
		return ""
	}
	if name == "." || strings.ContainsRune(name, filepath.Separator) {
		abs, err := filepath.Abs(name)
		if err != nil {
			return name
		}
		name = abs
	}
	if strings.HasSuffix(name, ".go") && filepath.Dir(name) != "." {
		name = filepath.Dir(name)
	}
	return filepath.Base(name)
}

func names(exercises []Exercise) string {
	var all []string
	for _, e := range exercises {
		all = append(all, e.Name)
	}
	return strings.Join(all, ", ")
}

// near returns up to three exercises whose names are few slips of the keyboard away, the nearest first.
func (k *Kit) near(name string) []Exercise {
	type candidate struct {
		Exercise
		slips int
	}
	var found []candidate
	for _, e := range k.Exercises {
		if n := Distance(name, e.Name); n <= max(1, len(e.Name)/3) {
			found = append(found, candidate{e, n})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return a.slips - b.slips })
	var nearest []Exercise
	for _, c := range found[:min(3, len(found))] {
		nearest = append(nearest, c.Exercise)
	}
	return nearest
}

// Distance counts the insertions, deletions, replacements and swaps of neighbours between two names.
func Distance(a, b string) int {
	if len(a) > 100 {
		return len(a) // nobody's slip
	}
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0:
				d[i][j] = j
			case j == 0:
				d[i][j] = i
			case a[i-1] == b[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = 1 + min(d[i-1][j], d[i][j-1], d[i-1][j-1])
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					d[i][j] = min(d[i][j], 1+d[i-2][j-2])
				}
			}
		}
	}
	return d[len(a)][len(b)]
}
