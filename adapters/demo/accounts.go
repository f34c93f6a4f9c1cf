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

// MinAccounts is the least that tickets need: an agent and a customer.
const MinAccounts = 2

const (
	agentEvery       = 20         // one account in so many is an agent's
	numbersPerPrefix = 10_000_000 // subscriber numbers have seven digits
)

// prefixes are those of mobile numbers in Nepal, written internationally, so that they are valid in every region.
var prefixes = []string{"+977980", "+977981", "+977982", "+977984", "+977985", "+977986", "+977974", "+977976", "+977961", "+977962"}

// Accounts makes n accounts, the first an agent's and the second a customer's. They have no password hash: nobody can
// sign in with them. Tickets can be made for those that were taken out; an error ends the sequence.
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

// account takes the next phone number that is valid; its digits make the user name and the address unique too.
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
	return account.New(d.id(at), account.Patch{
		Username: domain.Some(name), Email: domain.Some(name + "@" + pick(d, mailHosts)), Phone: domain.Some(phone), PhoneE164: phone,
		Address:  domain.Some(fmt.Sprintf("%d %s, %s", 1+d.random.IntN(240), pick(d, streets), pick(d, towns))),
		Password: domain.Some(fmt.Sprintf("%016x", d.random.Uint64())), // judged, and kept nowhere
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
	return "", errors.New("there is no valid phone number left for demo accounts")
}
