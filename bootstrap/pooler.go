package bootstrap

import (
	"context"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"tickt/adapters/bunstore"
)

// checkPooler looks for a pooler that loses prepared statements when the program starts, and logs once if there is one. If it
// cannot find out, the store notices such a pooler while it works.
func checkPooler(life fx.Lifecycle, store *bunstore.Store, log *zap.Logger) {
	life.Append(fx.StartHook(func(ctx context.Context) {
		err := store.CheckPooler(ctx, func(cause error) {
			log.Warn("the pooler in front of PostgreSQL loses prepared statements; going on without them (DB_PREPARED=off)", zap.Error(cause))
		})
		if err != nil {
			log.Debug("no check for a pooler", zap.Error(err))
		}
	}))
}
