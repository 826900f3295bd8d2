package grade

import (
	_ "embed"
	"sync"

	"forklings/checker/hints"
	"forklings/checker/kit"
	"forklings/checker/lang"
)

//go:embed hints.md
var general []byte

// General are the hints for the mistakes that the engine names in every exercise.
var General = sync.OnceValues(func() (hints.Hints, error) { return hints.Parse(general) })

// Hint gives a mistake's hint of a tier, from 1, in English where there is none in that language; "" when there is none at all.
func Hint(e kit.Exercise, l lang.Lang, mistake string, tier int) string {
	own, err := e.Hints(l)
	if err != nil {
		own, _ = e.Hints(lang.English)
	}
	tiers := own.Tiers(mistake)
	if len(tiers) == 0 {
		all, _ := General()
		tiers = all.Tiers(mistake)
	}
	if tier > len(tiers) {
		return ""
	}
	return tiers[tier-1]
}
