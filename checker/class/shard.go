package class

import (
	"errors"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"forklings/checker/lang"
)

// Shard is a part of a class: the Number-th of Of, from 1. The zero value is the whole class.
type Shard struct {
	Number, Of int
	From       string // the variable that the number was taken from
}

// ParseShard reads 2/5, or 5 for a number that the machine gives: JOB_COMPLETION_INDEX of an indexed Job of Kubernetes, which counts
// from 0, or CI_NODE_INDEX of a parallel job of GitLab, from 1. Without text it is GitLab's, when there is one, else the whole class.
func ParseShard(l lang.Lang, text string, getenv func(string) string) (Shard, error) {
	index, total := getenv("CI_NODE_INDEX"), getenv("CI_NODE_TOTAL")
	job := getenv("JOB_COMPLETION_INDEX")
	number, of, both := strings.Cut(text, "/")
	s := Shard{}
	switch {
	case both:
	case text != "" && job != "":
		n, err := strconv.Atoi(job)
		if err != nil {
			return s, errors.New(l.Sprintf("JOB_COMPLETION_INDEX is %q, and no number", job))
		}
		number, of, s.From = strconv.Itoa(n+1), text, "JOB_COMPLETION_INDEX"
	case text != "" && index != "":
		number, of, s.From = index, text, "CI_NODE_INDEX"
	case text != "":
		return s, errors.New(l.Sprintf("-shard %s: which of these? Neither JOB_COMPLETION_INDEX nor CI_NODE_INDEX is set; -shard 1/%[1]s says it", text))
	case job != "":
		return s, errors.New(l.Sprintf("JOB_COMPLETION_INDEX is set: -shard N says how many shards there are, -shard 1/1 grades the whole class"))
	case index != "" && total != "":
		number, of, s.From = index, total, "CI_NODE_INDEX"
	default:
		return s, nil
	}
	var errNumber, errOf error
	s.Number, errNumber = strconv.Atoi(number)
	s.Of, errOf = strconv.Atoi(of)
	if errNumber != nil || errOf != nil || s.Of < 1 || s.Number < 1 || s.Number > s.Of {
		return s, errors.New(l.Sprintf("-shard %s/%s: it is a number from 1, and how many shards there are, such as 2/5", number, of))
	}
	return s, nil
}

// Take gives the shard's submissions. A learner's shard hangs on the name alone, so that it stays when others hand in later.
func (s Shard) Take(all []Submission) []Submission {
	if s.Of <= 1 {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(x Submission) bool {
		h := fnv.New32a()
		h.Write([]byte(x.Learner))
		return int(h.Sum32()%uint32(s.Of)) != s.Number-1
	})
}
