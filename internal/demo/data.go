package demo

import (
	"embed"
)

// data holds the units, successions and services of the demo; its README names
// their sources.
//
//go:embed data/*.csv
var data embed.FS
