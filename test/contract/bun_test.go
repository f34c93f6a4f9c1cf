package contract_test

import (
	"testing"

	"tickt/adapters/bunstore"
	"tickt/ports"
	"tickt/test/contract"
	"tickt/test/stores"
)

func TestSQLiteKeepsTheContract(t *testing.T) {
	t.Parallel()
	contract.Run(t, func(t *testing.T) ports.Store {
		return stores.SQLite(t)
	}, waiting)
}

func TestPostgreSQLKeepsTheContract(t *testing.T) {
	t.Parallel()
	contract.Run(t, func(t *testing.T) ports.Store {
		return stores.Postgres(t, bunstore.Options{Prepared: true, MaxConns: 8})
	}, waiting)
}

// Without prepared statements, which some poolers cannot handle, the store must behave the same.
func TestPostgreSQLWithoutPreparedStatementsKeepsTheContract(t *testing.T) {
	t.Parallel()
	contract.RunProtocol(t, func(t *testing.T) ports.Store {
		return stores.Postgres(t, bunstore.Options{MaxConns: 8})
	}, waiting)
}

func waiting(t *testing.T, s ports.Store) []ports.Job { return stores.Waiting(t, s) }
