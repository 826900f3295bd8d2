package cli

import (
	"context"
	"errors"
)

func runCommand(ctx context.Context, c *call) error { return errors.New("not written yet") }

func doctor(ctx context.Context, c *call) error { return errors.New("not written yet") }

func scaffoldCommand(ctx context.Context, c *call) error { return errors.New("not written yet") }

func generateCommand(ctx context.Context, c *call) error { return errors.New("not written yet") }
