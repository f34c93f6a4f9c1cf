package bootstrap

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"reflect"
	"strings"
)

// fileSuffix makes the name of a setting the name of one that holds the path of a file with the value, as in SECRET_KEY_FILE.
const fileSuffix = "_FILE"

// maxSettingFile is the maximum size in bytes of a file that holds the value of a setting.
const maxSettingFile = 64 << 10

// names returns the names of all settings.
func names() (all []string) {
	for field := range reflect.TypeFor[Settings]().Fields() {
		if name := field.Tag.Get("env"); name != "" {
			all = append(all, name)
		}
	}
	return all
}

// readFiles adds to the variables the values of the settings that are given by the path of a file. It returns the names of these
// settings. The error is a *WrongSetting, which never contains the path, since it may be a secret that was put there by mistake.
func readFiles(variables map[string]string) (fromFile map[string]bool, err error) {
	fromFile = map[string]bool{}
	for _, name := range names() {
		path, given := variables[name+fileSuffix]
		if !given {
			continue
		}
		if _, twice := variables[name]; twice {
			return nil, &WrongSetting{name, fmt.Sprintf("is set, and so is %s; remove one of them", name+fileSuffix)}
		}
		value, err := readValue(path)
		if err != nil {
			return nil, &WrongSetting{name + fileSuffix, err.Error()}
		}
		variables[name], fromFile[name] = value, true
	}
	return fromFile, nil
}

// readValue returns the content of a file without the line break at its end. Only one is removed: anything else may be part of a
// password. The error contains neither the path nor the content.
func readValue(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", unreadable(err)
	}
	if !info.Mode().IsRegular() { // opening a pipe might wait forever
		return "", errors.New("is not the path of a regular file")
	}
	f, err := os.Open(path) //nolint:gosec // the path is a setting
	if err != nil {
		return "", unreadable(err)
	}
	defer func() { _ = f.Close() }()
	content, err := io.ReadAll(io.LimitReader(f, maxSettingFile+1))
	switch {
	case err != nil:
		return "", unreadable(err)
	case len(content) > maxSettingFile:
		return "", fmt.Errorf("names a file of more than %d bytes", maxSettingFile)
	}
	value, ended := strings.CutSuffix(string(content), "\n")
	if ended {
		value = strings.TrimSuffix(value, "\r")
	}
	if value == "" {
		return "", errors.New("names an empty file")
	}
	return value, nil
}

// unreadable returns the reason of a failure of the file system without the path.
func unreadable(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return fmt.Errorf("names a file that cannot be read: %w", err)
}

// nameFile makes a WrongSetting name the variable that is set, NAME_FILE, if the value of the setting is that of a file. It returns
// other errors unchanged.
func nameFile(err error, fromFile map[string]bool) error {
	var wrong *WrongSetting
	if errors.As(err, &wrong) && fromFile[wrong.Name] {
		return &WrongSetting{wrong.Name + fileSuffix, wrong.Problem}
	}
	return err
}
