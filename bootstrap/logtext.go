package bootstrap

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"

	"go.uber.org/zap/buffer"
	"go.uber.org/zap/zapcore"
)

// linkField is the field of log lines that holds a link for people.
const linkField = "link"

// textEncoder writes log lines for people: time, level, message and the fields as name=value. A link has a line of its own. The
// embedded encoder writes the fields alone, as a JSON object.
type textEncoder struct{ zapcore.Encoder }

func newTextEncoder() textEncoder {
	return textEncoder{zapcore.NewJSONEncoder(zapcore.EncoderConfig{
		EncodeTime: zapcore.RFC3339TimeEncoder, EncodeDuration: zapcore.StringDurationEncoder, SkipLineEnding: true,
	})}
}

// Clone copies the encoder with the fields that were added to it.
func (e textEncoder) Clone() zapcore.Encoder { return textEncoder{e.Encoder.Clone()} }

var textLines = buffer.NewPool()

// EncodeEntry writes one line, and another one for a link.
func (e textEncoder) EncodeEntry(entry zapcore.Entry, fields []zapcore.Field) (*buffer.Buffer, error) {
	object, err := e.Encoder.EncodeEntry(zapcore.Entry{}, fields)
	if err != nil {
		return nil, err
	}
	defer object.Free()
	line := textLines.Get()
	fmt.Fprintf(line, "%s  %-5s  %s", entry.Time.Format(time.RFC3339), entry.Level.CapitalString(), entry.Message)
	link, err := writeFields(line, object.Bytes())
	if err != nil {
		line.Free()
		return nil, err
	}
	if link != "" {
		line.AppendString("\n    " + link)
	}
	line.AppendByte('\n')
	return line, nil
}

// writeFields writes the fields of a JSON object in their order, except for the link, which it returns.
func writeFields(line *buffer.Buffer, object []byte) (link string, err error) {
	fields := json.NewDecoder(bytes.NewReader(object))
	if _, err := fields.Token(); err != nil { // "{"
		return "", err
	}
	for fields.More() {
		name, err := fields.Token()
		if err != nil {
			return "", err
		}
		var value json.RawMessage
		if err := fields.Decode(&value); err != nil {
			return "", err
		}
		text := plainValue(value)
		if name == linkField {
			link = text
			continue
		}
		fmt.Fprintf(line, "  %s=%s", name, text)
	}
	return link, nil
}

// plainValue returns a JSON value without the quotes of a string that can be read without them.
func plainValue(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) != nil || text == "" || strings.ContainsFunc(text, needsQuotes) {
		return string(value)
	}
	return text
}

func needsQuotes(r rune) bool {
	return r == ' ' || r == '"' || r == '\\' || r == '=' || !unicode.IsPrint(r)
}
