package bootstrap

import (
	"fmt"
	"strings"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"tickt/adapters/bunstore"
	"tickt/adapters/heartbeat"
)

// beat returns a part that lets the process be seen on its database while it runs a command.
func beat(command string) any {
	return func(life fx.Lifecycle, store *bunstore.Store, log *zap.Logger) {
		c := store.Connections()
		b := heartbeat.New(heartbeat.Options{
			Database: heartbeat.Database{DB: c.Writes, Postgres: c.Postgres != nil},
			Process:  heartbeat.Process{ID: newID(), Command: command, Version: buildVersion()}, Log: log,
		})
		life.Append(fx.StartStopHook(b.Start, b.Stop))
	}
}

// runningError is the error of a command that must not run beside other processes on its database.
type runningError []heartbeat.Process

func (e runningError) Error() string {
	all := make([]string, len(e))
	for i, p := range e {
		all[i] = p.String()
	}
	return fmt.Sprintf("the database is in use: stop %s first", strings.Join(all, ", and "))
}
