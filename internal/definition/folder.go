package definition

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
)

// maxFile is in bytes. What people define has some tens of kilobytes, and the time
// the parser takes grows with the square of a mapping.
const maxFile = 256 << 10

// File is a file as it was read.
type File struct {
	Name string
	Text []byte
}

// Folder reads every *.yaml file at the root of a folder, by name. Hidden files
// and those of other kinds are left alone, but one that was meant and would be
// passed over (house.yml) is a fault, as is one that cannot be read, and a folder
// without any.
func Folder(fsys fs.FS) (files []File, faults Faults) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, Faults{{File: ".", Message: fmt.Sprintf("the folder cannot be read: %v", err)}}
	}
	for _, e := range entries {
		name := e.Name()
		ext := path.Ext(name)
		switch kind := strings.ToLower(ext); {
		case strings.HasPrefix(name, ".") || kind != ".yaml" && kind != ".yml":
		case ext != ".yaml":
			faults = append(faults, Fault{File: name, Message: fmt.Sprintf("the name must end in .yaml: %s.yaml", strings.TrimSuffix(name, ext))})
		default:
			text, wrong := readFile(fsys, name)
			if wrong != "" {
				faults = append(faults, Fault{File: name, Message: wrong})
				continue
			}
			files = append(files, File{name, text})
		}
	}
	if len(files) == 0 && len(faults) == 0 {
		faults = append(faults, Fault{File: ".", Message: "there is no *.yaml file"})
	}
	return files, faults
}

// readFile returns a file's text, or why there is none. Only a regular file ends.
func readFile(fsys fs.FS, name string) (text []byte, wrong string) {
	if info, err := fs.Stat(fsys, name); err != nil || !info.Mode().IsRegular() {
		return nil, "it is no file that can be read"
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, fmt.Sprintf("it cannot be read: %v", err)
	}
	defer f.Close() //nolint:errcheck // only read
	text, err = io.ReadAll(io.LimitReader(f, maxFile+1))
	switch {
	case err != nil:
		return nil, fmt.Sprintf("it cannot be read: %v", err)
	case len(text) > maxFile:
		return nil, fmt.Sprintf("it has more than %d KiB", maxFile>>10)
	}
	return text, ""
}
