package httpapi

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"tickt/test/desk"
)

func (s *clients) named(name string, n int) reply {
	s.t.Helper()
	return s.ask(desk.Root, "POST", "/api/accounts/", fmt.Sprintf(
		`{"username":%q,"email":"look%d@desk.test","phoneNumber":"+97798420000%02d","password":"Green-Kettle-8"}`, name, n, n))
}

// A new user name with letters that are not ASCII must not look like that of another account.
func TestLookAlikesOfUserNames(t *testing.T) {
	s := newClients(t)
	const refused = "username: Username looks like that of another account."
	for i, tc := range []struct {
		name    string
		refused bool
	}{
		{"coco", false},
		{"сосо", true},
		{"СОСО", true},
		{"сосо2", false},
		{"сосo", true}, // of two scripts as well
		{"ABE", false},
		{"ΑΒΕ", true},
		{"хеха", false},
		{"xexa", false}, // ASCII may look like others
		{"ХЕХА2", false},
		{"rnax", false},
		{"max", false},
		{"सीता", false},
		{"गीता", false},
		{"müller", false},
		{"muller", false},
		{"ϲοϲα", false},
		{"соса", true}, // ϲ looks like c, though its key is σ
		{"00", false},
		{"оо", true},
	} {
		r := s.named(tc.name, i)
		switch {
		case !tc.refused && r.status != http.StatusCreated:
			t.Errorf("%s: %d %s", tc.name, r.status, r.body)
		case tc.refused && tc.name == "сосo":
			r.refuses("username: Username must not mix letters of several scripts, or digits of several systems.")
		case tc.refused:
			r.refuses(refused)
		}
	}
	made := s.named("сахар", 20)
	path := made.header.Get("Location")
	s.ask(desk.Root, "PATCH", path, `{"username":"сосо"}`).refuses(refused)
	s.ask(desk.Root, "PATCH", path, `{"username":"САХАР"}`).must(http.StatusOK, "Account updated successfully.")
	s.ask(desk.Root, "PATCH", path, `{"username":"Соха"}`).must(http.StatusOK, "Account updated successfully.")
	s.named("соХа", 21).refuses("username: Username already exists.")
	if r := s.named("сахар", 22); r.status != http.StatusCreated {
		t.Errorf("a name that was given up: %d %s", r.status, r.body)
	}
}

func TestOneOfTwoLookAlikesIsCreated(t *testing.T) {
	s := newClients(t)
	for round := range 5 {
		names := []string{strings.Repeat("о", 3+round), strings.Repeat("ο", 3+round)} // Cyrillic, Greek
		var all sync.WaitGroup
		created := make([]int, len(names))
		for i, name := range names {
			all.Go(func() { created[i] = s.named(name, 10*round+i).status })
		}
		all.Wait()
		if created[0]+created[1] != http.StatusCreated+http.StatusBadRequest {
			t.Errorf("round %d: %v", round, created)
		}
	}
}
