package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"time"
)

// healthCommand asks a running server on this machine whether it is alive. It
// is the health check of the container image, which holds nothing but sipas.
type healthCommand struct {
	Addr string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"cli.flag.health_addr"`
}

func (c *healthCommand) run(ctx context.Context, p *program) error {
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return p.usage("cli.bad_addr", c.Addr)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1" // the server listens everywhere, so also here
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return p.no("cli.health.no", err.Error())
	}
	defer func() { _ = res.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<10))
	if res.StatusCode != http.StatusOK {
		return p.no("cli.health.no", res.Status)
	}
	return nil
}
