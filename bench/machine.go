package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// machine describes what the numbers were measured on, in general.
func machine(ctx context.Context, folder string) string {
	var t strings.Builder
	fact := func(name, value string) { fmt.Fprintf(&t, "- %s: %s\n", name, strings.TrimSpace(value)) }
	fact("processor", fmt.Sprintf("%s, %d cores, shared by client and server", fieldOf("/proc/cpuinfo", "model name"), runtime.NumCPU()))
	fact("memory", fieldOf("/proc/meminfo", "MemTotal"))
	if kernel, err := os.ReadFile("/proc/sys/kernel/ostype"); err == nil {
		release, _ := os.ReadFile("/proc/sys/kernel/osrelease")
		number, _, _ := strings.Cut(string(release), "-")
		fact("kernel", strings.TrimSpace(string(kernel))+" "+number)
	}
	fact("file system", fileSystem(folder))
	fact("one 8 KiB write and fsync", fsyncTime(folder))
	fact("Go", runtime.Version())
	if text, err := exec.CommandContext(ctx, "sqlite3", "--version").Output(); err == nil {
		version, _, _ := strings.Cut(string(text), " ")
		fact("sqlite3, compared with in the export", version)
	}
	return t.String()
}

// fieldOf returns the value of the first line "name: value" of a file.
func fieldOf(file, name string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(text)) {
		if k, v, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(k) == name {
			return strings.TrimSpace(v)
		}
	}
	return "unknown"
}

func fileSystem(folder string) string {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return "unknown"
	}
	names := map[int64]string{0xef53: "ext4", 0x58465342: "xfs", 0x9123683e: "btrfs", 0x01021994: "tmpfs (fsync costs nothing here!)", 0x794c7630: "overlayfs"}
	if name, ok := names[int64(s.Type)]; ok {
		return name
	}
	return fmt.Sprintf("%#x", s.Type)
}

// fsyncTime is the median of some.
func fsyncTime(folder string) string {
	file := filepath.Join(folder, "fsync.tmp")
	f, err := os.Create(file)
	if err != nil {
		return "unknown"
	}
	defer os.Remove(file)
	defer f.Close()
	block := make([]byte, 8<<10)
	var times []time.Duration
	for range 200 {
		began := time.Now()
		if _, err := f.Write(block); err != nil {
			return "unknown"
		}
		if err := f.Sync(); err != nil {
			return "unknown"
		}
		times = append(times, time.Since(began))
	}
	slices.Sort(times)
	return fmt.Sprintf("%s (99th percentile %s)", round(times[100]), round(times[198]))
}

func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Fields(string(text))[0]
}

func round(d time.Duration) string { return d.Round(10 * time.Microsecond).String() }
