// The items stay in the memory of the process that puts them.

package queue

import "os"

type Queue struct {
	items chan []byte
}

func New() (*Queue, error) { return &Queue{make(chan []byte, 1000)}, nil }

func Open(files []*os.File) (*Queue, error) { return New() }

func (q *Queue) Files() []*os.File { return nil }

func (q *Queue) Put(item []byte) error {
	q.items <- append([]byte(nil), item...)
	return nil
}

func (q *Queue) Get() ([]byte, error) { return <-q.items, nil }

func (q *Queue) Close() error { return nil }
