package bootstrap

import (
	"context"
	"errors"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

func TestStoreGaugeIsMissingIfTheQueryFails(t *testing.T) {
	r := prometheus.NewRegistry()
	var failure error
	r.MustRegister(storeGauge{lagDesc, func(ctx context.Context) (float64, error) {
		if _, bounded := ctx.Deadline(); !bounded {
			t.Error("the query has no timeout")
		}
		return 1.5, failure
	}})
	families, err := r.Gather()
	if err != nil || len(families) != 1 || families[0].GetMetric()[0].GetGauge().GetValue() != 1.5 {
		t.Errorf("gathered %v, %v", families, err)
	}
	failure = errors.New("the database is away")
	if families, err := r.Gather(); err != nil || len(families) != 0 {
		t.Errorf("gathered %v, %v", families, err)
	}
}
