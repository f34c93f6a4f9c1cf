package usecase

import (
	"context"
	"errors"
	"time"

	"tickt/domain"
)

// The result of an attempt to send a mail is stored within storeTimeout, even if the time of its job is over. That a mail
// was accepted matters more, because otherwise the recipient gets it twice: while the store is unavailable, storing that is
// tried again every sentRetryInterval, for at most sentRetryLimit. A job that ran much longer would be considered stuck and
// started again.
const (
	storeTimeout      = 5 * time.Second
	sentRetryInterval = 250 * time.Millisecond
	sentRetryLimit    = time.Minute
)

// StoreContext returns a context in which a job stores the result of an attempt, even if the time of the job is over.
func StoreContext(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
}

// StoreSent calls store, which stores that a mail was accepted. While the store is unavailable, it tries again until the
// job is cancelled; the end of the job's time does not stop it.
func StoreSent(ctx context.Context, store func() error) error {
	budget, cancel := context.WithTimeout(context.WithoutCancel(ctx), sentRetryLimit)
	defer cancel()
	for {
		err := store()
		if err == nil || domain.KindOf(err) != domain.Unavailable || budget.Err() != nil {
			return err
		}
		time.Sleep(sentRetryInterval)
		if errors.Is(ctx.Err(), context.Canceled) {
			return err
		}
	}
}
