package grade

import (
	"strings"

	"forklings/checker/explore"
	"forklings/checker/lang"
)

// Replay names one order of an explored scenario.
type Replay struct {
	Exercise, Scenario string
	Kit                string // its version
	Order              string
}

func (r Replay) String() string {
	return strings.Join([]string{r.Exercise, r.Scenario, short(r.Kit), r.Order}, "/")
}

func short(version string) string { return version[:min(len(version), 8)] }

// ParseReplay reads what a verdict names. The error says what is wrong with it.
func ParseReplay(text string) (r Replay, err error) {
	f := strings.Split(text, "/")
	if len(f) != 4 {
		return r, lang.Errorf("%q is no replay: a verdict of an explored scenario names one, such as lock/explore-two/0123abcd/a4b-1234abcd", text)
	}
	if _, err := explore.Parse(f[3]); err != nil {
		return r, err
	}
	return Replay{f[0], f[1], f[2], f[3]}, nil
}

// Fits reports whether it is of this version of the kit.
func (r Replay) Fits(version string) bool { return r.Kit == short(version) }
