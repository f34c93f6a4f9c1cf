package mail

import (
	"embed"
	"errors"
	"fmt"
	html "html/template"
	"io"
	"io/fs"
	"os"
	text "text/template"
)

//go:embed templates/notification.html templates/notification.txt
var embedded embed.FS

// The files of which a mail is made, one for each of its bodies.
const (
	htmlFile = "notification.html"
	textFile = "notification.txt"
)

// Templates are what mails are made of.
type Templates struct {
	html *html.Template
	text *text.Template
}

// BuiltIn gives the templates that the program brings along.
func BuiltIn() *Templates {
	folder, err := fs.Sub(embedded, "templates")
	if err != nil {
		panic(err) // the folder is in the program
	}
	t, err := read(folder)
	if err != nil {
		panic(err) // and so are its files, which the tests read
	}
	return t
}

// ReadTemplates reads the templates of a folder. Each is tried out, so that one that cannot be filled is found before
// a mail has to be made of it; the error names the file.
func ReadTemplates(folder string) (*Templates, error) { return read(os.DirFS(folder)) }

func read(folder fs.FS) (*Templates, error) {
	h, err := contents(folder, htmlFile)
	if err != nil {
		return nil, err
	}
	x, err := contents(folder, textFile)
	if err != nil {
		return nil, err
	}
	t := &Templates{}
	if t.html, err = html.New(htmlFile).Funcs(functions).Parse(h); err == nil {
		err = t.html.Execute(io.Discard, example)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", htmlFile, err)
	}
	if t.text, err = text.New(textFile).Funcs(functions).Parse(x); err == nil {
		err = t.text.Execute(io.Discard, example)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", textFile, err)
	}
	return t, nil
}

// functions are what templates can call beside those that every template can.
var functions = map[string]any{
	"list": func(values ...string) []string { return values },
}

func contents(folder fs.FS, name string) (string, error) {
	b, err := fs.ReadFile(folder, name)
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	if err != nil {
		return "", fmt.Errorf("%s cannot be read: %w", name, err)
	}
	return string(b), nil
}

// example is what templates are tried out with: nothing of it is empty.
var example = letter{
	Company: "Company", Site: "https://desk.example.org", Link: "https://desk.example.org/tickets/1", Recipient: "sita",
	Title: "Status changed: Printer", Message: "TKT-20260301-0001: status changed from Open to Resolved by ram.",
	Ticket: letterTicket{
		ID: "1", Number: "TKT-20260301-0001", Title: "Printer", Status: "Resolved", Priority: "High", Requester: "sita",
		Assignee: "ram", Due: "Sunday, 1 March 2026, 12:00 UTC", SLADue: "Sunday, 1 March 2026, 12:00 UTC",
	},
}
