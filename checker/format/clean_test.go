package format

import (
	"testing"

	"forklings/checker/result"

	"github.com/stretchr/testify/require"
)

func TestAnEventIsOneLineThatKeepsItsBlanks(t *testing.T) {
	r := &result.Result{Exercises: []result.Exercise{{Scenarios: []result.Scenario{{Timeline: []result.Event{{What: " runs x 'two  words'\n##[group]\t' '\n"}}}}}}}
	require.Equal(t, `runs x 'two  words' ##\[group] ' '`, clean(r).Exercises[0].Scenarios[0].Timeline[0].What)
}
