package bootstrap

import (
	"runtime"
	"runtime/debug"
)

// Version is set by the linker (-X tickt/bootstrap.Version=…); otherwise "". See buildVersion.
var Version string

type version struct{}

func (version) Run(c Console) error {
	c.printf("tickt %s %s %s/%s", buildVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
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
