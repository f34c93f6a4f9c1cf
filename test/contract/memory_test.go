package contract_test

import (
	"testing"

	"tickt/adapters/memory"
	"tickt/ports"
	"tickt/test/contract"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	t.Parallel()
	contract.Run(t, func(*testing.T) ports.Store { return memory.New() }, waiting)
}
