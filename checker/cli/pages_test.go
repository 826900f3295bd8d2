//go:build linux

package cli

import (
	"flag"
	"io"
	"testing"

	"forklings/checker/lang"

	"github.com/stretchr/testify/require"
)

func TestEveryCommandHasAPage(t *testing.T) {
	for name, cmd := range commands() {
		p, ok := pages()[name]
		require.True(t, ok, "no page for the command %q", name)
		require.NotEmpty(t, p.about, name)
		require.NotEmpty(t, p.examples, name)
		require.NotEmpty(t, p.see, name)
		require.NotEmpty(t, p.ok.String(), name)
		require.NotEmpty(t, cmd.says.String(), name)
		for _, f := range p.files {
			require.NotEmpty(t, files()[f].String(), "%s: file %s", name, f)
		}
		for _, v := range p.environment {
			require.NotEmpty(t, variables()[v].String(), "%s: variable %s", name, v)
		}
	}
	for name := range pages() {
		require.Contains(t, commands(), name)
	}
}

func TestEveryPageIsInChineseToo(t *testing.T) {
	said := func(w lang.Words) {
		if w != (lang.Words{}) {
			require.NotEqual(t, w.String(), lang.Chinese.Say(w), "no Chinese")
		}
	}
	for name, cmd := range commands() {
		said(cmd.says)
		p := pages()[name]
		for _, w := range p.about {
			said(w)
		}
		for _, e := range p.examples {
			said(e.says)
		}
		said(p.ok)
		said(p.failed)
		if cmd.flags == nil {
			continue
		}
		english, chinese := declared(lang.English, cmd), declared(lang.Chinese, cmd)
		for flag, usage := range english {
			require.NotEqual(t, usage, chinese[flag], "%s -%s: no Chinese", name, flag)
		}
	}
	for _, cure := range cures {
		said(cure.says)
	}
}

// declared are a command's flags and what they say.
func declared(l lang.Lang, cmd command) map[string]string {
	c := &call{lang: l}
	c.Init("", flag.ContinueOnError)
	c.SetOutput(io.Discard)
	cmd.flags(c)
	all := map[string]string{}
	c.VisitAll(func(f *flag.Flag) { all[f.Name] = f.Usage })
	return all
}

func TestKernelsThatWillNotDo(t *testing.T) {
	for release, want := range map[string]string{
		"5.10.0-30-amd64":                    "",
		"6.18.44":                            "",
		"10.0":                               "",
		"5.15.153.1-microsoft-standard-WSL2": "",
		"4.4.0-19041-Microsoft":              "WSL1",
		"5.4.0-150-generic":                  "too old",
		"4.18.0-513.el8.x86_64":              "too old",
		"":                                   "",
	} {
		err := system(release)
		if want == "" {
			require.NoError(t, err, release)
			continue
		}
		require.ErrorContains(t, err, want)
		require.NotEqual(t, err.Error(), lang.Chinese.Error(err))
	}
}

func TestWhatToDoAboutMessagesOfGo(t *testing.T) {
	for said, want := range map[string]string{
		"x.go:9:2: module lookup disabled by GOPROXY=off":                                                         "GOPROXY=off forbids",
		`Get "https://proxy.golang.org/x": dial tcp: lookup proxy.golang.org: no such host`:                       "be online",
		"go: errors parsing go.mod:\n/k/go.mod:3: invalid go version '1.25.0': must match format 1.23":            "newer Go",
		"go: go.mod requires go >= 1.25.0 (running go 1.24.1; GOTOOLCHAIN=local)":                                 "newer Go",
		"failed to initialize build cache at /nonexistent/.cache/go-build: mkdir /nonexistent: permission denied": "GOCACHE",
		"write /home/a/.cache/go-build/5a/5a75-d: no space left on device":                                        "a disk is full",
		"open /k/exercises/x: read-only file system":                                                              "clone of your own",
		"undefined: nosuch": "",
	} {
		if want == "" {
			require.Empty(t, advise(lang.English, said))
			continue
		}
		require.Contains(t, advise(lang.English, said), want, said)
	}
}
