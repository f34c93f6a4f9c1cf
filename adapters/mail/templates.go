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

//go:embed templates
var embedded embed.FS

// The template files, one for each body of a mail.
const (
	htmlFile        = "notification.html"
	textFile        = "notification.txt"
	accountHTMLFile = "account.html"
	accountTextFile = "account.txt"
)

// Templates are the templates of mails, by language.
type Templates struct {
	notification map[string]bodies
	account      map[string]bodies
}

// bodies are the templates of the two bodies of a mail.
type bodies struct {
	html *html.Template
	text *text.Template
}

// BuiltIn returns the templates that are built into the program.
func BuiltIn() *Templates {
	t, err := read(builtIn())
	if err != nil {
		panic(err) // cannot happen: the files are embedded, and tests read them
	}
	return t
}

func builtIn() fs.FS {
	folder, err := fs.Sub(embedded, "templates")
	if err != nil {
		panic(err) // cannot happen: the folder is embedded
	}
	return folder
}

// ReadTemplates reads the templates of a folder. If it has no templates of account mails, the built-in ones are used. It
// executes each with example data, to find errors before a mail depends on it. The error names the file.
func ReadTemplates(folder string) (*Templates, error) { return read(os.DirFS(folder)) }

func read(folder fs.FS) (*Templates, error) {
	notification, err := readBodies(folder, htmlFile, textFile, exampleData)
	if err != nil {
		return nil, err
	}
	own := folder
	if !has(folder, accountHTMLFile) && !has(folder, accountTextFile) {
		own = builtIn()
	}
	account, err := readBodies(own, accountHTMLFile, accountTextFile, exampleAccountData)
	if err != nil {
		return nil, err
	}
	return &Templates{notification: notification, account: account}, nil
}

func has(folder fs.FS, name string) bool {
	_, err := fs.Stat(folder, name)
	return err == nil
}

// readBodies reads two templates for every language.
func readBodies(folder fs.FS, htmlFile, textFile string, example any) (map[string]bodies, error) {
	markup, err := readFile(folder, htmlFile)
	if err != nil {
		return nil, err
	}
	plain, err := readFile(folder, textFile)
	if err != nil {
		return nil, err
	}
	all := map[string]bodies{}
	for code, lang := range languages {
		var b bodies
		if b.html, err = html.New(htmlFile).Funcs(lang.functions()).Parse(markup); err == nil {
			err = b.html.Execute(io.Discard, example)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", htmlFile, err)
		}
		if b.text, err = text.New(textFile).Funcs(lang.functions()).Parse(plain); err == nil {
			err = b.text.Execute(io.Discard, example)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", textFile, err)
		}
		all[code] = b
	}
	return all, nil
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
	Event: "Status changed from Open to Resolved by ram.",
	Title: "Status changed: Printer", Message: "TKT-20260301-0001: status changed from Open to Resolved by ram.",
	Comment: "It prints again.", Shortened: true,
	Ticket: templateTicket{
		ID: "1", Number: "TKT-20260301-0001", Title: "Printer", Status: "Resolved", Priority: "High", Requester: "sita",
		Assignee: "ram", Due: "Sunday, 1 March 2026, 12:00 UTC", SLADue: "Sunday, 1 March 2026, 12:00 UTC",
	},
}

// exampleAccountData is the same for account mails.
var exampleAccountData = accountData{
	Company: "Company", Site: "https://desk.example.org", Recipient: "sita", Title: "Set a new password",
	Paragraphs: []string{"Somebody asked to set a new password for the account sita."},
	Link:       "https://desk.example.org/api/pages/reset-password/en/#token=x", Action: "Set a new password",
}
