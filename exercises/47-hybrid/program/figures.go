package program

import (
	"fmt"
	"os"
	"strconv"
	"time"

	hybrid "forklings/exercises/47-hybrid"

	"golang.org/x/sys/unix"
)

// primes counts the primes below a number: work for a CPU.
func primes(input string) string {
	limit, err := strconv.Atoi(input)
	must(err)
	n := 0
	for i := 2; i < limit; i++ {
		prime := true
		for d := 2; d*d <= i && prime; d++ {
			prime = i%d != 0
		}
		if prime {
			n++
		}
	}
	return strconv.Itoa(n)
}

// ask waits for an answer that somebody gives after so long: work for nobody here.
func ask(input string) string {
	after, err := time.ParseDuration(input)
	must(err)
	in, out, err := os.Pipe()
	must(err)
	time.AfterFunc(after, func() { out.WriteString("yes\n"); out.Close() })
	answer := make([]byte, 10)
	n, err := in.Read(answer)
	must(err)
	return string(answer[:n])
}

// figures does the same mixed work in three ways, and prints what each took.
func figures() {
	var jobs []hybrid.Job
	for range 8 {
		jobs = append(jobs, hybrid.Job{Task: "primes", Input: "1000000"}, hybrid.Job{Task: "ask", Input: "300ms"})
	}
	for _, n := range [][2]int{{1, 1}, {1, 8}, {8, 1}, {2, 4}} {
		began, before := time.Now(), used(unix.RUSAGE_CHILDREN)
		for i, r := range hybrid.Run(n[0], n[1], jobs...) {
			if r.Err != nil {
				fmt.Printf("job %d: %v\n", i, r.Err)
			}
		}
		fmt.Printf("%d × %d: %.1f s, CPU %.1f s\n", n[0], n[1], time.Since(began).Seconds(), (used(unix.RUSAGE_CHILDREN) - before).Seconds())
	}
}
