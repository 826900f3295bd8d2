//go:build !linux

package build

import "os/exec"

func ownGroup(*exec.Cmd) {}

func runTied(cmd *exec.Cmd, _ []string) error { return cmd.Run() }
