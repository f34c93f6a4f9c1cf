package deriving

import (
	"context"
	"slices"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/namekey"
	"tickt/domain/text"
	"tickt/ports"
)

// nameRule is the number of the rule by which text.Key makes keys.
const nameRule = 1

// nameKinds returns what derives the keys of names. conflict, which may be nil, is called for each row that is newly set aside; again
// if its transaction is repeated.
func nameKinds(conflict func(ports.NameConflict)) []Kind {
	kinds := make([]Kind, len(ports.NameKinds))
	for i, name := range ports.NameKinds {
		kinds[i] = Kind{
			Name: name, Rule: nameRule, Batch: 500,
			List: func(ctx context.Context, tx ports.Tx, after domain.ID, limit int) ([]domain.ID, error) {
				return tx.NameKeys.IDs(ctx, name, after, limit)
			},
			CountAfter: func(ctx context.Context, tx ports.Tx, after domain.ID) (int, error) {
				return tx.NameKeys.CountAfter(ctx, name, after)
			},
			Derive: func(ctx context.Context, tx ports.Tx, ids []domain.ID) error {
				return deriveNames(ctx, tx, name, ids, conflict)
			},
		}
	}
	return kinds
}

// deriveNames derives the keys of the names of rows.
func deriveNames(ctx context.Context, tx ports.Tx, kind ports.DerivedKind, ids []domain.ID, conflict func(ports.NameConflict)) error {
	rows, err := tx.NameKeys.Lock(ctx, kind, ids)
	if err != nil {
		return err
	}
	known := make(map[domain.ID]bool, len(rows))
	var keys []string // that other rows may have
	for _, r := range rows {
		known[r.ID] = true
		if k := text.Key(r.Name); k != r.Key {
			keys = append(keys, k)
		}
	}
	holders, err := tx.NameKeys.LockHolders(ctx, kind, keys)
	if err != nil {
		return err
	}
	for _, h := range holders {
		if !known[h.ID] {
			rows = append(rows, h)
		}
	}
	changed, conflicts := namekey.Assign(rows)
	losers := slices.IndexFunc(changed, func(r namekey.Row) bool { return !namekey.IsAside(r.Key) })
	if losers < 0 {
		losers = len(changed)
	}
	for _, part := range [][]namekey.Row{changed[:losers], changed[losers:]} { // keys are given up before others get them
		if err := tx.NameKeys.Set(ctx, kind, part); err != nil {
			return err
		}
	}
	for _, c := range conflicts {
		if conflict != nil {
			conflict(ports.NameConflict{Kind: kind, Conflict: c})
		}
	}
	return nil
}

// conflictPage is how many rows one call of NameConflicts reads.
const conflictPage = 500

// NameConflicts calls found for each row that does not have the key of its name.
func (d *Deriver) NameConflicts(ctx context.Context, found func(ports.NameConflict)) error {
	for _, kind := range ports.NameKinds {
		for after := domain.ID(""); ; {
			page, err := usecase.View(ctx, d.Store, func(tx ports.Tx) ([]namekey.Conflict, error) {
				return conflictsAfter(ctx, tx, kind, after)
			})
			if err != nil {
				return err
			}
			for _, c := range page {
				found(ports.NameConflict{Kind: kind, Conflict: c})
				after = c.ID
			}
			if len(page) < conflictPage {
				break
			}
		}
	}
	return nil
}

func conflictsAfter(ctx context.Context, tx ports.Tx, kind ports.DerivedKind, after domain.ID) ([]namekey.Conflict, error) {
	aside, err := tx.NameKeys.Aside(ctx, kind, after, conflictPage)
	if err != nil {
		return nil, err
	}
	keys := make([]string, len(aside))
	for i, r := range aside {
		keys[i] = text.Key(r.Name)
	}
	held, err := tx.NameKeys.Holders(ctx, kind, keys)
	holders := make(map[string]domain.ID, len(held))
	for _, h := range held {
		holders[h.Key] = h.ID
	}
	conflicts := make([]namekey.Conflict, len(aside))
	for i, r := range aside {
		conflicts[i] = namekey.Conflict{Row: r, Holder: holders[keys[i]]}
	}
	return conflicts, err
}
