package jobs

import (
	"context"
	"database/sql"
	"time"

	"tickt/domain"
	"tickt/ports"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// heldCondition is the SQL condition of jobs that restoring a backup has put on hold: those of queues that talk to the outside,
// in River's state pending, in which no worker takes a job and none is removed.
const heldCondition = `state = 'pending' AND (queue <> 'default' OR kind = 'mail')`

// Held is a job that is on hold.
type Held struct {
	Number    int64
	Kind      ports.JobKind
	ID        domain.ID // of the subject of the job
	CreatedAt time.Time
}

// Held calls each for every job that is on hold, by ascending number. It stops at the first error of each and returns it.
func (q *Queue) Held(ctx context.Context, each func(Held) error) (err error) {
	for after := int64(0); ; {
		page, err := q.heldPage(ctx, after)
		if err != nil {
			return err
		}
		for _, h := range page {
			if err := each(h); err != nil {
				return err
			}
		}
		if len(page) < pageSize {
			return nil
		}
		after = page[len(page)-1].Number
	}
}

func (q *Queue) heldPage(ctx context.Context, after int64) ([]Held, error) {
	params := river.NewJobListParams().First(pageSize).States(rivertype.JobStatePending).
		Where(`(queue <> 'default' OR kind = 'mail') AND id > @after`, river.NamedArgs{"after": after}).
		OrderBy(river.JobListOrderByID, river.SortOrderAsc)
	found, err := q.client.JobList(ctx, params)
	if err != nil {
		return nil, err
	}
	page := make([]Held, len(found.Jobs))
	for i, job := range found.Jobs {
		page[i] = Held{Number: job.ID, Kind: ports.JobKind(job.Kind), ID: subject(job), CreatedAt: job.CreatedAt.UTC()}
	}
	return page, nil
}

// Release lets the jobs that are on hold be worked, and returns their number.
func (q *Queue) Release(ctx context.Context) (int64, error) {
	result, err := q.writes().ExecContext(ctx, `UPDATE river_job SET state = 'available' WHERE `+heldCondition)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// writes returns connections that may write.
func (q *Queue) writes() *sql.DB {
	if q.database.Writes != nil {
		return q.database.Writes
	}
	return q.database.Reads
}
