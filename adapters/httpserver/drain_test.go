package httpserver

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"
)

// TestNoRequestIsLostWhileReplicasRestart lets three replicas restart one after the other behind a load balancer that probes
// each of them from time to time, and sends requests to those that were ready.
func TestNoRequestIsLostWhileReplicasRestart(t *testing.T) {
	const probe = 50 * time.Millisecond
	replicas := make([]*replica, 3)
	for i := range replicas {
		replicas[i] = &replica{address: "127.0.0.1:0"}
		replicas[i].start(t, 4*probe)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	for _, r := range replicas {
		go r.watch(ctx, probe)
	}
	for _, r := range replicas {
		for !r.ready.Load() {
			time.Sleep(time.Millisecond)
		}
	}
	var sent, lost atomic.Int64
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 10}}
	for i := range 4 {
		go func() {
			for n := i; ctx.Err() == nil; n++ {
				r := replicas[n%len(replicas)]
				if !r.ready.Load() {
					continue
				}
				// A POST, because the client would send a GET again if the connection closed.
				response, err := client.Post("http://"+r.address+"/api/stranger", "text/plain", http.NoBody)
				if sent.Add(1); err != nil {
					lost.Add(1)
					t.Log(err)
					continue
				}
				_ = response.Body.Close()
			}
		}()
	}
	for _, r := range replicas {
		for before := sent.Load(); sent.Load() < before+100; {
			time.Sleep(time.Millisecond)
		}
		if err := r.server.Load().Stop(context.Background()); err != nil {
			t.Error(err)
		}
		r.start(t, 4*probe)
		for !r.ready.Load() {
			time.Sleep(time.Millisecond)
		}
	}
	stop()
	if lost.Load() > 0 {
		t.Errorf("%d of %d requests were lost", lost.Load(), sent.Load())
	}
}

// replica is a server that keeps its address when it starts again.
type replica struct {
	address string
	server  atomic.Pointer[Server]
	ready   atomic.Bool // as the load balancer knows it
}

func (r *replica) start(t *testing.T, drain time.Duration) {
	t.Helper()
	s, _ := newTestServer(signedIn, func(o *Options) { o.Drain = drain })
	l, err := net.Listen("tcp", r.address)
	if err != nil {
		t.Fatal(err)
	}
	s.StartOn(l)
	r.address = s.Address()
	r.server.Store(s)
	t.Cleanup(func() { _ = s.Stop(context.Background()) })
}

// watch probes the replica until ctx ends.
func (r *replica) watch(ctx context.Context, every time.Duration) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Second}
	for tick := time.NewTicker(every); ctx.Err() == nil; <-tick.C {
		response, err := client.Get("http://" + r.address + readyPath)
		r.ready.Store(err == nil && response.StatusCode == http.StatusOK)
		if err == nil {
			_ = response.Body.Close()
		}
	}
}
