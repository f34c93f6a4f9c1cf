package account

import (
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/text"
)

// Record is an account of a system that is imported.
type Record struct {
	Username    string
	Email       string // "" if there is none
	EmailKey    string // by which Email is compared; "" if no mail can be sent to it
	Phone       string // as stored there
	E164        string // Phone in E.164; "" if it is not a valid number
	Password    string // as stored there: a hash, or anything else
	Hash        string // Password if it is a hash that can be verified; "" if it may be plain text
	Address     string
	Role        string // "" if there is none
	RoleID      domain.ID
	IsActive    bool
	IsStaff     bool
	IsSuperuser bool
	LastLogin   time.Time
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// placeholderDomain is the end of placeholders for e-mail addresses. The domain is reserved (RFC 2606 §2), so mail to it
// reaches no one.
const placeholderDomain = "@import.invalid"

// Restore returns the account of a record, with RoleID as its role and Hash as its PasswordHash. It never fails: a user
// name or e-mail address that the rules refuse is changed or replaced by a placeholder that no other account can have, an
// invalid phone number stays, and both are noted. An address is joined into one line.
func Restore(id domain.ID, r Record, now time.Time) (Account, domain.Notes) {
	var n domain.Notes
	a := Account{
		ID: id, RoleID: r.RoleID, PasswordHash: r.Hash, IsActive: r.IsActive, IsStaff: r.IsStaff, IsSuperuser: r.IsSuperuser,
		Language: English, LastLogin: domain.FirstTime(r.LastLogin),
		CreatedAt: domain.FirstTime(r.CreatedAt, r.UpdatedAt, now), UpdatedAt: domain.FirstTime(r.UpdatedAt, r.CreatedAt, now),
	}
	a.setUsername(restoreUsername(&n, r.Username, id))
	a.restoreEmail(&n, r.Email, r.EmailKey)
	a.restorePhone(&n, r.Phone, r.E164)
	a.Address = n.Prose("address", r.Address, maxAddress)
	if strings.ContainsAny(a.Address, "\n\r\t") { // an address has one line
		a.Address = strings.Join(strings.Fields(a.Address), " ")
	}
	if r.Role != "" && r.RoleID == "" {
		n.Add("role_id: the role was not imported; the account has none", r.Role)
	}
	return a, n
}

// HasPassword reports whether the account has a password, without which it cannot sign in.
func (a Account) HasPassword() bool { return a.PasswordHash != "" }

func restoreUsername(n *domain.Notes, typed string, id domain.ID) string {
	name := restoredName(typed)
	if r := []rune(name); len(r) > maxUsername {
		name = string(r[:maxUsername])
	}
	if strings.Trim(name, "_") == "" {
		name = "account." + string(id)
	}
	switch {
	case isReserved(name):
		name = domain.Distinct(name, "."+string(id), maxUsername)
		n.Add("username: it means something else; it became <username>.<reference_id>", typed)
	case name != text.Stored(typed):
		n.Add("username: only letters, digits and @.+-_ are allowed, at most 50 characters; it was changed", typed)
	}
	return name
}

func (a *Account) setUsername(name string) { a.Username, a.UsernameKey = name, text.Key(name) }

// setPlaceholder sets an address that no other account has, and to which no mail is sent.
func (a *Account) setPlaceholder() {
	a.Email = string(a.ID) + placeholderDomain
	a.EmailKey = a.Email
}

func (a *Account) restoreEmail(n *domain.Notes, typed, key string) {
	address := strings.TrimSpace(typed)
	switch {
	case address == "":
		a.setPlaceholder()
		n.Add("email: there was none; it became <reference_id>"+placeholderDomain, "")
	case domain.Length(address) > maxEmail || key == "":
		a.setPlaceholder()
		n.Add("email: not a valid e-mail address; it became <reference_id>"+placeholderDomain, address)
	default:
		a.Email, a.EmailKey = address, key
	}
}

func (a *Account) restorePhone(n *domain.Notes, typed, e164 string) {
	if e164 != "" {
		a.Phone = e164
		return
	}
	a.Phone = n.Line("phone_number", typed, maxPhone)
	if a.Phone == "" {
		a.Phone = phonePlaceholder(a.ID)
		n.Add("phone_number: there was none", "")
		return
	}
	n.Add("phone_number: not a valid number; it is kept as it is", a.Phone)
}

// Distinguish changes a unique value that another account has already, and notes it. field is "username", "email" or
// "phoneNumber", as the store reports it.
func (a *Account) Distinguish(field string) (n domain.Notes) {
	switch field {
	case "username":
		was := a.Username
		a.setUsername(domain.Distinct(was, "."+string(a.ID), maxUsername))
		n.Add("username: another account has it, apart from case; it became <username>.<reference_id>", was)
	case "email":
		was := a.Email
		a.setPlaceholder()
		n.Add("email: another account has it; it became <reference_id>"+placeholderDomain, was)
	case "phoneNumber":
		was := a.Phone
		a.Phone = domain.Distinct(was, phonePlaceholder(a.ID), maxPhone)
		n.Add("phone_number: another account has it; it became <number>#<reference_id>", was)
	}
	return n
}
