package deriving

import (
	"context"

	"tickt/domain"
	"tickt/domain/namekey"
	"tickt/ports"
)

// lookRule is the number of the rule by which skeletons are made. Raise it when the tables of the adapter change.
const lookRule = 1

// lookKind is the skeletons of user names.
func lookKind(looks ports.LookAlikes) Kind {
	return Kind{
		Name: ports.UserLooks, Rule: lookRule, Batch: 500,
		List: func(ctx context.Context, tx ports.Tx, after domain.ID, limit int) ([]domain.ID, error) {
			return tx.NameKeys.IDs(ctx, ports.UserLooks, after, limit)
		},
		CountAfter: func(ctx context.Context, tx ports.Tx, after domain.ID) (int, error) {
			return tx.NameKeys.CountAfter(ctx, ports.UserLooks, after)
		},
		Derive: func(ctx context.Context, tx ports.Tx, ids []domain.ID) error {
			rows, err := tx.NameKeys.Lock(ctx, ports.UserLooks, ids)
			if err != nil {
				return err
			}
			var changed []namekey.Row
			for _, r := range rows {
				if skeleton := looks.Skeletons(r.Name)[0]; r.Key != skeleton {
					r.Key = skeleton
					changed = append(changed, r)
				}
			}
			return tx.NameKeys.Set(ctx, ports.UserLooks, changed)
		},
	}
}
