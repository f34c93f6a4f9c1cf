package bootstrap

import (
	"context"
	"errors"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

func TestWhatIsMeasuredInTheStoreIsLeftOutIfItIsNotKnown(t *testing.T) {
	r := prometheus.NewRegistry()
	var failure error
	r.MustRegister(storeGauge{lagDesc, func(ctx context.Context) (float64, error) {
		if _, bounded := ctx.Deadline(); !bounded {
			t.Error("a scrape may wait for ever")
		}
		return 1.5, failure
	}})
	told, err := r.Gather()
	if err != nil || len(told) != 1 || told[0].GetMetric()[0].GetGauge().GetValue() != 1.5 {
		t.Errorf("told %v, %v", told, err)
	}
	failure = errors.New("the database is away")
	if told, err := r.Gather(); err != nil || len(told) != 0 {
		t.Errorf("told %v, %v", told, err)
	}
}
