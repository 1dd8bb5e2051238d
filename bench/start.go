package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"time"
)

// start measures how long the program needs until it can take a response.
func start(ctx context.Context, b *bench) (r result, err error) {
	n := 11
	if b.quick {
		n = 3
	}
	times := map[int][]float64{}
	for i := range n + 1 {
		for _, size := range []int{many, few} {
			folder, err := b.cache.data(ctx, size)
			if err != nil {
				return r, err
			}
			p, err := b.serve(ctx, folder)
			if err != nil {
				return r, err
			}
			if err := p.stop(); err != nil {
				return r, err
			}
			if i > 0 { // the first reads the files into the kernel's cache
				times[size] = append(times[size], p.ready.Seconds())
			}
		}
	}
	r.Rows = []row{row{What: "start with 1,000,000 responses until `/readyz`", AtLeast: 0.5, Aim: 0.1, Less: true, Unit: " s", Decimals: 3}.of(times[many])}
	r.Notes = []string{
		fmt.Sprintf("From the start of the process to the first 200 of `/readyz`, asked every millisecond; median of %d starts after a clean stop,", n),
		fmt.Sprintf("files in the kernel's cache. With %d responses it takes %s.", few, round(time.Duration(median(times[few])*float64(time.Second)))),
	}
	return r, nil
}

// binarySize measures the program as it is released.
func binarySize(_ context.Context, b *bench) (r result, err error) {
	info, err := os.Stat(b.sipas)
	if err != nil {
		return r, err
	}
	r.Rows = []row{{What: "binary, stripped", AtLeast: 40, Aim: 30, Got: float64(info.Size()) / 1e6, Less: true, Unit: " MB", Decimals: 1}}
	r.Notes = []string{fmt.Sprintf("`CGO_ENABLED=0 go build -trimpath -ldflags \"-s -w\" ./cmd/sipas` for %s/%s: %d bytes.", runtime.GOOS, runtime.GOARCH, info.Size())}
	return r, nil
}
