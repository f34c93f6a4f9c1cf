package account

import (
	"strings"
	"time"

	"tickt/domain"
)

// Record is what a system that tickt takes over from kept of an account.
type Record struct {
	Username    string
	Email       string // "" where there is none
	Phone       string // as it stands there
	E164        string // its normalised form; "" where it is no valid number
	Password    string // a hash, or whatever else stands there
	Hash        string // the same where it is a hash that can be checked; "" where it may be a password in clear
	Address     string
	Role        string // "" without one
	RoleID      domain.ID
	IsActive    bool
	IsStaff     bool
	IsSuperuser bool
	LastLogin   time.Time
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// placeholder is a domain that nobody can ever have (RFC 2606 §2), so that no mail goes astray.
const placeholder = "@import.invalid"

// Restore makes an account of a record, whose role led to RoleID; of its Password it keeps the Hash alone. Nothing makes
// it fail: what the rules refuse is replaced by what cannot belong to anybody, and noted.
func Restore(id domain.ID, r Record, now time.Time) (Account, domain.Notes) {
	var n domain.Notes
	a := Account{
		ID: id, RoleID: r.RoleID, PasswordHash: r.Hash, IsActive: r.IsActive, IsStaff: r.IsStaff, IsSuperuser: r.IsSuperuser,
		LastLogin: domain.FirstTime(r.LastLogin),
		CreatedAt: domain.FirstTime(r.CreatedAt, r.UpdatedAt, now), UpdatedAt: domain.FirstTime(r.UpdatedAt, r.CreatedAt, now),
	}
	a.rename(restoredName(&n, r.Username, id))
	a.restoreEmail(&n, r.Email)
	a.restorePhone(&n, r.Phone, r.E164)
	a.Address = n.Prose("address", r.Address, maxAddress)
	if strings.ContainsAny(a.Address, "\n\r\t") { // one line is what the rules let through
		a.Address = strings.Join(strings.Fields(a.Address), " ")
	}
	if r.Role != "" && r.RoleID == "" {
		n.Add("role_id: the role was not imported; the account has none", r.Role)
	}
	return a, n
}

// HasPassword says whether anybody could ever sign in.
func (a Account) HasPassword() bool { return a.PasswordHash != "" }

func restoredName(n *domain.Notes, typed string, id domain.ID) string {
	name := strings.Map(func(r rune) rune {
		if notInName(r) {
			return '_'
		}
		return r
	}, strings.TrimSpace(strings.ToValidUTF8(typed, "_")))
	if r := []rune(name); len(r) > maxUsername {
		name = string(r[:maxUsername])
	}
	if strings.Trim(name, "_") == "" {
		name = "account." + string(id)
	}
	if name != typed {
		n.Add("username: only letters, digits and @.+-_ are allowed, and at most 50; it is another now", typed)
	}
	return name
}

func (a *Account) rename(name string) { a.Username, a.UsernameKey = name, domain.FoldCase(name) }

func (a *Account) readdress(address string) { a.Email, a.EmailKey = address, domain.FoldCase(address) }

func (a *Account) restoreEmail(n *domain.Notes, typed string) {
	address := strings.TrimSpace(typed)
	switch {
	case address == "":
		a.readdress(string(a.ID) + placeholder)
		n.Add("email: there was none; it became <reference_id>"+placeholder, "")
	case domain.Length(address) > maxEmail || !email.MatchString(address):
		a.readdress(string(a.ID) + placeholder)
		n.Add("email: no e-mail address; it became <reference_id>"+placeholder, address)
	default:
		a.readdress(address)
	}
}

func (a *Account) restorePhone(n *domain.Notes, typed, e164 string) {
	if e164 != "" {
		a.Phone = e164
		return
	}
	a.Phone = n.Line("phone_number", typed, maxPhone)
	if a.Phone == "" {
		a.Phone = phoneMark(a.ID)
		n.Add("phone_number: there was none; it became #<reference_id>", "")
		return
	}
	n.Add("phone_number: no valid number; it is kept as it is", a.Phone)
}

// phoneMark begins what stands in the place of a phone number: no number has such a character.
func phoneMark(id domain.ID) string { return "#" + string(id) }

// Distinguish replaces one of the three unique values, named as Taken of the store names them, that another account
// has already.
func (a *Account) Distinguish(field string) (n domain.Notes) {
	switch field {
	case "username":
		was := a.Username
		a.rename(domain.Distinct(was, "."+string(a.ID), maxUsername))
		n.Add("username: another account has it, capitals aside; it became <username>.<reference_id>", was)
	case "email":
		was := a.Email
		a.readdress(string(a.ID) + placeholder)
		n.Add("email: another account has it; it became <reference_id>"+placeholder, was)
	case "phoneNumber":
		was := a.Phone
		a.Phone = domain.Distinct(was, phoneMark(a.ID), maxPhone)
		n.Add("phone_number: another account has it; it became <number>#<reference_id>", was)
	}
	return n
}
