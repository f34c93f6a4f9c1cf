package backup

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// trailer is the last line of a backup of a PostgreSQL database, after the archive of pg_dump. pg_restore does not read it.
type trailer struct {
	Info
	Bytes  int64  `json:"bytes"`  // of the archive
	SHA256 string `json:"sha256"` // of the archive
}

const (
	trailerMark = "\ntickt-backup "
	trailerRoom = 1 << 20 // bytes in which the trailer lies
)

// ErrDamaged is the error of a backup whose content is not what was written.
var ErrDamaged = errors.New("the backup is damaged")

func writeTrailer(w io.Writer, t trailer) error {
	text, err := json.Marshal(t)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s%s\n", trailerMark, text)
	return err
}

// readTrailer reads the trailer of an archive and compares the archive with it. It returns nil if there is none: the archive
// was written by pg_dump alone, or the end of the file is missing.
func readTrailer(f *os.File) (*trailer, error) {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	from := max(0, size-trailerRoom)
	end := make([]byte, size-from)
	if _, err := f.ReadAt(end, from); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	at := bytes.LastIndex(end, []byte(trailerMark))
	if at < 0 {
		return nil, nil
	}
	var t trailer
	if err := json.Unmarshal(end[at+len(trailerMark):], &t); err != nil {
		return nil, fmt.Errorf("%w: its last line cannot be read", ErrDamaged)
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(f, 0, from+int64(at))); err != nil {
		return nil, err
	}
	if t.Bytes != from+int64(at) || t.SHA256 != hex.EncodeToString(sum.Sum(nil)) {
		return nil, fmt.Errorf("%w: its checksum differs", ErrDamaged)
	}
	return &t, nil
}
