package bunstore

import (
	"testing"

	"tickt/ports"
	"tickt/test/contract"
)

func TestStoreKeepsItsPromises(t *testing.T) {
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) {
			contract.Run(t, func(t *testing.T) ports.Store { return d.open(t) })
		})
	}
}
