package account

import "tickt/domain"

// phonePlaceholder returns a text that replaces a phone number or makes it unique. No valid number holds a "#".
func phonePlaceholder(id domain.ID) string { return "#" + string(id) }

// HasPhone reports whether the account has a phone number. An account without one holds a unique placeholder in its place.
func (a Account) HasPhone() bool { return a.Phone != "" && a.Phone != phonePlaceholder(a.ID) }
