//go:build linux

// Bench compares grading with what others would build: one test binary for each package.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"forklings/checker/bench"
)

func main() {
	pairs := flag.Int("n", 5, "pairs of runs, a `number`")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := bench.Run(ctx, *pairs, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}
