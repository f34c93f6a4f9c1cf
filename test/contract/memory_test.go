package contract_test

import (
	"testing"

	"tickt/adapters/memory"
	"tickt/ports"
	"tickt/test/contract"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	t.Parallel()
	contract.Run(t, func(*testing.T) ports.Store { return memory.New() }, func(t *testing.T, s ports.Store) []ports.Job {
		waiting, err := s.(*memory.Store).Waiting(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return waiting
	})
}
