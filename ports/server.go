package ports

import "context"

// Server is a driving adapter or a worker: something that runs between Start and Stop. Start returns when the server is
// ready. Stop finishes the work in progress, and returns at the latest when ctx ends.
type Server interface {
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
}
