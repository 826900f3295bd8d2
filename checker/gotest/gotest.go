// Package gotest lets `go test` grade an exercise.
package gotest

import "testing"

// Grade grades.
func Grade(t *testing.T) { t.Fatal("not written yet") }
