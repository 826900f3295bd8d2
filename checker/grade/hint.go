package grade

import (
	"embed"
	"sync"

	"forklings/checker/hints"
	"forklings/checker/kit"
	"forklings/checker/lang"
)

//go:embed hints.md hints.zh.md
var files embed.FS

// general are the hints for the mistakes that the engine names in every exercise, by the language.
var general = sync.OnceValue(func() map[lang.Lang]hints.Hints {
	all := map[lang.Lang]hints.Hints{}
	for _, l := range lang.All {
		text, err := files.ReadFile(kit.Translated("hints", l))
		if err != nil {
			panic(err) // embedded
		}
		if all[l], err = hints.Parse(text); err != nil {
			panic(err) // a test reads them
		}
	}
	return all
})

// General are the hints for the mistakes that the engine names in every exercise.
func General(l lang.Lang) hints.Hints {
	if h, ok := general()[l]; ok {
		return h
	}
	return general()[lang.English]
}

// Hint gives a mistake's hint of a tier, from 1, in English where there is none in that language; "" when there is none at all.
func Hint(e kit.Exercise, l lang.Lang, mistake string, tier int) string {
	own, err := e.Hints(l)
	if err != nil {
		own, _ = e.Hints(lang.English)
	}
	tiers := own.Tiers(mistake)
	if len(tiers) == 0 {
		tiers = General(l).Tiers(mistake)
	}
	if tier > len(tiers) {
		return ""
	}
	return tiers[tier-1]
}
