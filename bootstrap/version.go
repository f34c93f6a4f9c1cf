package bootstrap

import (
	"runtime"
	"runtime/debug"

	"tickt/migrations"
)

// Version is set by the linker (-X tickt/bootstrap.Version=…); otherwise "". See buildVersion.
var Version string

// nextRelease is the release that this source becomes. A build that is not of a release counts as it.
const nextRelease = "0.2.0"

type version struct{}

func (version) Run(c Console) error {
	c.printVersion()
	return nil
}

func (c Console) printVersion() {
	c.printf("tickt %s %s %s/%s", buildVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// buildVersion returns Version, or else the version of the module, or else the commit.
func buildVersion() string {
	if Version != "" {
		return Version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return "devel"
}

// release returns the release that the program counts as where releases are compared: its version, or else nextRelease.
func release() migrations.Release {
	if r, ok := migrations.ParseRelease(buildVersion()); ok {
		return r
	}
	r, _ := migrations.ParseRelease(nextRelease)
	return r
}
