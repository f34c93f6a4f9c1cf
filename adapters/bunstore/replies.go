package bunstore

import (
	"context"
	"time"

	"tickt/ports"
)

// replyRow is ports.Reply with the columns that hold it; status has its name from HTTP, the first way in.
type replyRow struct {
	Key         string    `bun:"key,pk"`
	Fingerprint string    `bun:"fingerprint"`
	Code        int       `bun:"status"`
	Location    string    `bun:"location"`
	Body        []byte    `bun:"body"`
	CreatedAt   time.Time `bun:"created_at"`
}

var (
	replyTable = newTable(table[replyRow, ports.Reply]{
		name: "replies", hot: true, replaces: true,
		row:    func(r ports.Reply) replyRow { return replyRow(r) },
		entity: func(r replyRow) ports.Reply { return ports.Reply(r) },
	})

	selectReply = textOf(`SELECT ` + replyTable.of("r") + ` FROM replies r WHERE r.key = ? AND r.created_at > ?`)
)

type replies struct{ conn }

func (s replies) Get(ctx context.Context, key string, after time.Time) (ports.Reply, error) {
	r, err := row[replyRow](ctx, s.conn, s.asked(selectReply, key, after))
	return ports.Reply(r), err
}

// Claim locks first and reads then: what the last holder of the key has committed is seen by a new statement only.
func (s replies) Claim(ctx context.Context, key string, after time.Time) (ports.Reply, error) {
	claimed, err := s.tryName(ctx, key)
	if err == nil && !claimed {
		err = s.failed(ports.ErrClaimed, "try the key")
	}
	if err != nil {
		return ports.Reply{}, err
	}
	return s.Get(ctx, key, after)
}

func (s replies) Keep(ctx context.Context, r ports.Reply) error {
	return replyTable.add(ctx, s.conn, r)
}

func (s replies) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	n, err := exec(ctx, s.conn, s.statement(`DELETE FROM replies WHERE key IN (SELECT r.key FROM replies r WHERE r.created_at < ? LIMIT ?`,
		before, limit).add(s.forUpdateSkipLocked("r")+`)`))
	return int(n), err
}
