//go:build !amd64 && !arm64

package trace

import "errors"

// CanTakeTurns: calls can be changed and taken back on this machine.
const CanTakeTurns = false

func setArgument(int, uint64) error { return errors.ErrUnsupported }

func setResult(int, int64) error { return errors.ErrUnsupported }

func rewind(int, uint64, uint64) error { return errors.ErrUnsupported }
