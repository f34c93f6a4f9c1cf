package main

import (
	"bytes"
	"encoding/json"
	"errors"

	"go.yaml.in/yaml/v4"
)

// asJSON returns a YAML document as JSON. Keys keep their order; keys that are not strings become strings.
func asJSON(document []byte) ([]byte, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(document, &root); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err := writeNode(&out, &root)
	return out.Bytes(), err
}

func writeNode(out *bytes.Buffer, n *yaml.Node) error {
	switch n.Kind {
	case yaml.DocumentNode:
		return writeNode(out, n.Content[0])
	case yaml.AliasNode:
		return writeNode(out, n.Alias)
	case yaml.MappingNode:
		return writeMapping(out, n.Content)
	case yaml.SequenceNode:
		out.WriteByte('[')
		for i, element := range n.Content {
			separate(out, i)
			if err := writeNode(out, element); err != nil {
				return err
			}
		}
		out.WriteByte(']')
		return nil
	case yaml.ScalarNode:
		return writeScalar(out, n)
	default:
		return errors.New("the document is empty")
	}
}

// writeMapping writes an object. Keys and values alternate in content.
func writeMapping(out *bytes.Buffer, content []*yaml.Node) error {
	out.WriteByte('{')
	for i := 0; i < len(content); i += 2 {
		separate(out, i)
		key, err := encoded(content[i].Value)
		if err != nil {
			return err
		}
		out.Write(key)
		out.WriteByte(':')
		if err := writeNode(out, content[i+1]); err != nil {
			return err
		}
	}
	out.WriteByte('}')
	return nil
}

// writeScalar writes a string, number, boolean or null. Timestamps become strings as they are written in the YAML.
func writeScalar(out *bytes.Buffer, n *yaml.Node) error {
	var value any
	if tag := n.ShortTag(); tag == "!!str" || tag == "!!timestamp" {
		value = n.Value
	} else if err := n.Decode(&value); err != nil {
		return err
	}
	text, err := encoded(value)
	out.Write(text)
	return err
}

// encoded returns a value as JSON on one line.
func encoded(x any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(x)
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), err
}

// separate writes a comma before every element but the first.
func separate(out *bytes.Buffer, i int) {
	if i > 0 {
		out.WriteByte(',')
	}
}
