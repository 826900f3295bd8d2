package lang

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLocales(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want Lang
	}{
		{nil, English},
		{map[string]string{"LANG": "zh_CN.UTF-8"}, Chinese},
		{map[string]string{"LANG": "zh-TW"}, Chinese},
		{map[string]string{"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, English},
		{map[string]string{"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN"}, Chinese},
		{map[string]string{"LANG": "de_DE.UTF-8"}, English},
		{map[string]string{"LANG": "zhuang"}, English},
	} {
		require.Equal(t, c.want, FromEnvironment(func(name string) string { return c.env[name] }), "%v", c.env)
	}
	_, ok := Parse("de")
	require.False(t, ok)
}
