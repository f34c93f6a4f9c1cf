package demo

import (
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/domain/ticket"
)

// MinAccounts is the number of accounts that tickets need: an agent and a customer.
const MinAccounts = 2

const (
	agentEvery       = 20         // one account in this many is an agent
	numbersPerPrefix = 10_000_000 // subscriber numbers have seven digits
)

// prefixes are prefixes of mobile numbers in Nepal, in international form, which is valid in every PHONE_REGION.
var prefixes = []string{"+977980", "+977981", "+977982", "+977984", "+977985", "+977986", "+977974", "+977976", "+977961", "+977962"}

// Accounts generates n accounts, of which the first is an agent and the second a customer. They have no password hash, so no one
// can sign in with them. Tickets uses the accounts that were consumed. An error ends the sequence.
func (d *Desk) Accounts(n int) iter.Seq2[account.Account, error] {
	return func(yield func(account.Account, error) bool) {
		number := d.random.IntN(len(prefixes) * numbersPerPrefix)
		opened := d.now.Add(-span - 365*24*time.Hour)
		for i := range n {
			isAgent := i%agentEvery == 0
			at := opened.Add(365 * 24 * time.Hour / time.Duration(n) * time.Duration(i)).Truncate(time.Microsecond)
			a, err := d.account(&number, isAgent, at)
			if err == nil {
				d.remember(a, isAgent)
			}
			if !yield(a, err) || err != nil {
				return
			}
		}
	}
}

func (d *Desk) remember(a account.Account, isAgent bool) {
	p := ticket.Person{ID: a.ID, Name: a.Username, IsActive: true, MayView: true}
	if isAgent {
		d.agents = append(d.agents, p)
	} else {
		d.customers = append(d.customers, p)
	}
}

// account generates an account with the next valid phone number, whose digits make the user name and the e-mail address unique.
func (d *Desk) account(number *int, isAgent bool, at time.Time) (account.Account, error) {
	phone, err := d.phone(number)
	if err != nil {
		return account.Account{}, err
	}
	first, last := pick(d, firstNames), pick(d, lastNames)
	name := fmt.Sprintf("%s.%s.%s", strings.ToLower(first), strings.ToLower(last), strings.TrimPrefix(phone, "+977"))
	role := d.refs.CustomerRole
	if isAgent {
		role = d.refs.AgentRole
	}
	email := name + "@" + pick(d, mailHosts)
	return account.New(d.id(at), account.Patch{
		Username: domain.Some(name), Email: domain.Some(email), EmailKey: email, Phone: domain.Some(phone), PhoneE164: phone,
		Address:  domain.Some(fmt.Sprintf("%d %s, %s", 1+d.random.IntN(240), pick(d, streets), pick(d, towns))),
		Password: domain.Some(fmt.Sprintf("%016x", d.random.Uint64())), // checked, but not stored
		RoleID:   domain.Some(string(role)), IsStaff: domain.Some(isAgent),
	}, at)
}

func (d *Desk) phone(number *int) (string, error) {
	for range 1000 {
		*number = (*number + 1) % (len(prefixes) * numbersPerPrefix)
		phone := fmt.Sprintf("%s%07d", prefixes[*number/numbersPerPrefix], *number%numbersPerPrefix)
		if e164, ok := d.phones.Normalise(phone); ok {
			return e164, nil
		}
	}
	return "", errors.New("no valid phone number left for demo accounts")
}
