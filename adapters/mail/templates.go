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

// The template files, one for each body of a mail.
const (
	htmlFile = "notification.html"
	textFile = "notification.txt"
)

// Templates are the templates of mails.
type Templates struct {
	html *html.Template
	text *text.Template
}

// BuiltIn returns the templates that are built into the program.
func BuiltIn() *Templates {
	folder, err := fs.Sub(embedded, "templates")
	if err != nil {
		panic(err) // cannot happen: the folder is embedded
	}
	t, err := read(folder)
	if err != nil {
		panic(err) // cannot happen: so are its files, and tests read them
	}
	return t
}

// ReadTemplates reads the templates of a folder. It executes each with example data, to find errors before a mail depends on
// it. The error names the file.
func ReadTemplates(folder string) (*Templates, error) { return read(os.DirFS(folder)) }

func read(folder fs.FS) (*Templates, error) {
	markup, err := readFile(folder, htmlFile)
	if err != nil {
		return nil, err
	}
	plain, err := readFile(folder, textFile)
	if err != nil {
		return nil, err
	}
	t := &Templates{}
	if t.html, err = html.New(htmlFile).Funcs(functions).Parse(markup); err == nil {
		err = t.html.Execute(io.Discard, exampleData)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", htmlFile, err)
	}
	if t.text, err = text.New(textFile).Funcs(functions).Parse(plain); err == nil {
		err = t.text.Execute(io.Discard, exampleData)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", textFile, err)
	}
	return t, nil
}

// functions are the functions of templates in addition to the standard ones.
var functions = map[string]any{
	"list": func(values ...string) []string { return values },
}

func readFile(folder fs.FS, name string) (string, error) {
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

// exampleData is the data with which templates are checked. No field is empty.
var exampleData = templateData{
	Company: "Company", Site: "https://desk.example.org", Link: "https://desk.example.org/tickets/1", Recipient: "sita",
	Title: "Status changed: Printer", Message: "TKT-20260301-0001: status changed from Open to Resolved by ram.",
	Ticket: templateTicket{
		ID: "1", Number: "TKT-20260301-0001", Title: "Printer", Status: "Resolved", Priority: "High", Requester: "sita",
		Assignee: "ram", Due: "Sunday, 1 March 2026, 12:00 UTC", SLADue: "Sunday, 1 March 2026, 12:00 UTC",
	},
}
