package bunstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/search"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// try is a call of a store. It may fail to find something.
type try struct {
	name string
	with func(ctx context.Context, tx ports.Tx, v chosen) error
}

// tried returns calls that send the statements of the package.
func tried() []try {
	var all []try
	add := func(name string, with func(ctx context.Context, tx ports.Tx, v chosen) error) {
		all = append(all, try{name, func(ctx context.Context, tx ports.Tx, v chosen) error {
			if err := with(ctx, tx, v); !errors.Is(err, domain.ErrNotFound) {
				return err
			}
			return nil
		}})
	}
	triedTickets(add)
	triedParts(add)
	triedNews(add)
	triedAccounts(add)
	triedPurges(add)
	return all
}

type adder = func(name string, with func(ctx context.Context, tx ports.Tx, v chosen) error)

var yes, no = true, false

// filters are the filters of the list of tickets.
var filters = map[string]func(v chosen) ticket.Filter{
	"":       func(chosen) ticket.Filter { return ticket.Filter{} },
	"status": func(v chosen) ticket.Filter { return ticket.Filter{Statuses: []string{v.status.Code}} },
	"statuses": func(v chosen) ticket.Filter {
		return ticket.Filter{Statuses: []string{v.status.Code, "NONE"}, Active: true}
	},
	"priority": func(v chosen) ticket.Filter { return ticket.Filter{Priorities: []string{v.priority.Code}} },
	"menu":     func(v chosen) ticket.Filter { return ticket.Filter{Menus: []domain.ID{v.menu}} },
	"assignee": func(v chosen) ticket.Filter { return ticket.Filter{AssignedTo: []domain.ID{v.account}} },
	"active":   func(v chosen) ticket.Filter { return ticket.Filter{AssignedTo: []domain.ID{v.account}, Active: true} },
	"nobody":   func(chosen) ticket.Filter { return ticket.Filter{Unassigned: true} },
	"or nobody": func(v chosen) ticket.Filter {
		return ticket.Filter{Unassigned: true, AssignedTo: []domain.ID{v.account}}
	},
	"requester": func(v chosen) ticket.Filter { return ticket.Filter{CreatedFor: []domain.ID{v.account}} },
	"creator":   func(v chosen) ticket.Filter { return ticket.Filter{CreatedBy: []domain.ID{v.account}} },
	"breached":  func(v chosen) ticket.Filter { return ticket.Filter{Breached: flagOf(v)} },
	"escalated": func(v chosen) ticket.Filter { return ticket.Filter{Escalated: flagOf(v)} },
	"overdue":   func(v chosen) ticket.Filter { return ticket.Filter{Overdue: flagOf(v)} },
	"urgent":    func(chosen) ticket.Filter { return ticket.Filter{Urgent: true, Active: true} },
	"search":    func(v chosen) ticket.Filter { return ticket.Filter{Search: searchOf(v.word)} },
	"search of": func(v chosen) ticket.Filter {
		return ticket.Filter{Search: searchOf(v.word), CreatedBy: []domain.ID{v.account}}
	},
	"before": func(v chosen) ticket.Filter { return ticket.Filter{Before: v.at} },
	"after":  func(v chosen) ticket.Filter { return ticket.Filter{After: v.at} },
	"due":    func(v chosen) ticket.Filter { return ticket.Filter{DueBefore: v.at} },
}

func searchFor(typed string) *search.Query {
	q, _ := search.Parse(typed)
	return &q
}

func searchOf(word string) *search.Query {
	q, _ := search.Parse(word)
	return &q
}

// flagOf returns the value of a flag that most rows have, or few.
func flagOf(v chosen) *bool {
	if v.word == common.word {
		return &no
	}
	return &yes
}

func triedTickets(add adder) {
	for _, order := range ticket.Orders {
		for name, filter := range filters {
			for _, all := range []bool{true, false} {
				if !all && order != ticket.ByImportance {
					continue
				}
				for _, page := range []string{"page 1", "page 3", "next by cursor"} {
					if name != "" && (page == "page 3" || order != ticket.ByCreated && order != ticket.ByImportance) {
						continue
					}
					add(fmt.Sprintf("tickets by %s, %q, all %v, %s", order, name, all, page), func(ctx context.Context, tx ports.Tx, v chosen) error {
						q := ticket.Query{Filter: filter(v), Order: order, Now: noon, Size: 25}
						switch page {
						case "page 1":
							q.Number = 1
						case "page 3":
							q.Number = 3
						case "next by cursor":
							q.After = &ticket.Position{
								Order: order, Now: noon, Creator: string(v.account), CreatedAt: v.at, ID: v.ticket, SLADue: ticket.Never,
								Deadline: v.at, Due: v.at, StatusWeight: v.status.Weight, PriorityWeight: v.priority.Weight,
							}
						}
						_, err := tx.Tickets.List(ctx, v.reach(all), q)
						return err
					})
				}
			}
		}
	}
	for _, all := range []bool{true, false} {
		add(fmt.Sprint("ticket, all ", all), func(ctx context.Context, tx ports.Tx, v chosen) error {
			_, err := tx.Tickets.Get(ctx, v.ticket, v.reach(all))
			return err
		})
		add(fmt.Sprint("lock ticket, all ", all), func(ctx context.Context, tx ports.Tx, v chosen) error {
			x, err := tx.Tickets.Lock(ctx, v.ticket, v.reach(all))
			if err != nil {
				return err
			}
			x.Title = "Another title"
			return tx.Tickets.Save(ctx, x.Ticket)
		})
		add(fmt.Sprint("lock ticket with references, all ", all), func(ctx context.Context, tx ports.Tx, v chosen) error {
			_, _, err := tx.Tickets.LockFor(ctx, v.ticket, v.reach(all), ticket.Refs{MenuID: v.menu, AssignedTo: v.account, ReplyStatus: true})
			return err
		})
		add(fmt.Sprint("dashboard, all ", all), func(ctx context.Context, tx ports.Tx, v chosen) error {
			_, counts := tx.Dashboard.Counts(ctx, v.reach(all))
			_, levels := tx.Dashboard.Levels(ctx, v.reach(all), sla.Period{Since: v.at, Today: v.at, Soon: v.at.Add(time.Hour)})
			return errors.Join(counts, levels)
		})
	}
	add("references", func(ctx context.Context, tx ports.Tx, v chosen) error {
		_, err := tx.Tickets.Find(ctx, ticket.Refs{MenuID: v.menu, CreatedFor: v.account, AssignedTo: v.account, FollowUpOf: v.ticket})
		return err
	})
	add("active tickets", func(ctx context.Context, tx ports.Tx, v chosen) error {
		_, all := tx.Tickets.Active(ctx, v.ticket, 100)
		_, refs := tx.Tickets.ActiveRefs(ctx, v.ticket, 100)
		_, locked := tx.Tickets.LockActive(ctx, v.ticket, 100)
		_, of := tx.Tickets.ActiveOf(ctx, v.account, v.ticket, 100)
		_, counted := tx.Tickets.CountActiveOf(ctx, v.account)
		return errors.Join(all, refs, locked, of, counted)
	})
	add("due tickets", func(ctx context.Context, tx ports.Tx, v chosen) error {
		_, refs := tx.Tickets.Due(ctx, v.at, 100)
		due, locked := tx.Tickets.LockDue(ctx, v.at, 100)
		_, closable := tx.Tickets.Closable(ctx, v.at, 100)
		_, closing := tx.Tickets.LockClosable(ctx, v.at, 100)
		_, next := tx.Tickets.NextDue(ctx)
		all := make([]ticket.Ticket, len(due))
		for i, d := range due {
			all[i] = d.Ticket
		}
		return errors.Join(refs, locked, closable, closing, next, tx.Tickets.SaveDue(ctx, all))
	})
	add("tickets in a status", func(ctx context.Context, tx ports.Tx, v chosen) error {
		refs, err := tx.Tickets.RefsInStatus(ctx, v.status.ID, "", 100)
		_, locked := tx.Tickets.LockInStatus(ctx, v.status.ID, "", 100)
		ids := []domain.ID{v.ticket}
		for _, r := range refs {
			ids = append(ids, r.ID)
		}
		return errors.Join(err, locked, tx.Tickets.SetStatus(ctx, ids, common.status.ID))
	})
	add("tickets set aside", func(ctx context.Context, tx ports.Tx, v chosen) error {
		_, put := tx.SetAsides.Put(ctx, ports.SetAside{TicketID: v.ticket, Attempts: 1, Reason: "r", SetAsideAt: v.at, RetryAt: v.at})
		_, again := tx.SetAsides.Put(ctx, ports.SetAside{TicketID: v.ticket, Attempts: 2, Reason: "r", SetAsideAt: v.at, RetryAt: v.at})
		_, due := tx.SetAsides.Due(ctx, v.at, 100)
		_, count := tx.SetAsides.Count(ctx)
		return errors.Join(put, again, due, count, tx.SetAsides.Remove(ctx, v.ticket))
	})
}

// triedParts are calls about what belongs to tickets.
func triedParts(add adder) {
	for _, notes := range []bool{true, false} {
		add(fmt.Sprint("comments, notes ", notes), func(ctx context.Context, tx ports.Tx, v chosen) error {
			_, first := tx.Comments.List(ctx, v.ticket, notes, nil, 26)
			_, next := tx.Comments.List(ctx, v.ticket, notes, &ports.TimelinePosition{At: v.at, ID: v.comment}, 26)
			_, said := tx.Comments.Said(ctx, v.ticket)
			_, versions := tx.Comments.Versions(ctx, v.ticket, v.comment, nil, 26)
			_, later := tx.Comments.Versions(ctx, v.ticket, v.comment, &ports.TimelinePosition{At: v.at, ID: v.comment}, 26)
			return errors.Join(first, next, said, versions, later)
		})
		add(fmt.Sprint("comment, notes ", notes), func(ctx context.Context, tx ports.Tx, v chosen) error {
			_, got := tx.Comments.Get(ctx, v.ticket, v.comment, notes)
			return errors.Join(got)
		})
		add(fmt.Sprint("history, notes ", notes), func(ctx context.Context, tx ports.Tx, v chosen) error {
			_, first := tx.History.List(ctx, v.ticket, notes, nil, 26)
			_, next := tx.History.List(ctx, v.ticket, notes, &ports.TimelinePosition{At: v.at, ID: bulkID(4000)}, 26)
			return errors.Join(first, next)
		})
	}
	add("write a comment", func(ctx context.Context, tx ports.Tx, v chosen) error {
		c := ticket.Comment{ID: bulkID(9), TicketID: v.ticket, Body: "b", Visibility: ticket.Public, AuthorID: v.account, CreatedAt: noon}
		if err := tx.Comments.Add(ctx, c); err != nil {
			return err
		}
		_, locked := tx.Comments.Lock(ctx, v.ticket, c.ID, true)
		return errors.Join(locked, tx.Comments.Save(ctx, c), tx.Comments.Remove(ctx, c.ID))
	})
	add("status changes", func(ctx context.Context, tx ports.Tx, v chosen) error {
		_, changes := tx.History.StatusChanges(ctx, []domain.ID{v.ticket})
		_, title := tx.History.FirstTitle(ctx, v.ticket)
		return errors.Join(changes, title)
	})
	add("remove a menu", func(ctx context.Context, tx ports.Tx, v chosen) error {
		return tx.History.LoseMenu(ctx, v.menu, "m", ticket.Cause{Via: access.ViaAPI, At: noon})
	})
	add("ledgers", func(ctx context.Context, tx ports.Tx, v chosen) error {
		many := make([]domain.ID, 20)
		for i := range many {
			many[i] = bulkID(1000 + i*17)
		}
		_, one := tx.Ledgers.Of(ctx, []domain.ID{v.ticket})
		_, all := tx.Ledgers.Of(ctx, many)
		return errors.Join(one, all, tx.Ledgers.SaveClockStates(ctx,
			[]sla.ClockState{{TicketID: v.ticket, Metric: sla.Resolution, Cycle: 1, State: sla.StateMet, DecidedAt: noon}}))
	})
	add("policy", func(ctx context.Context, tx ports.Tx, v chosen) error {
		_, got := tx.Policies.Get(ctx, v.policy)
		_, clocks := tx.Policies.OpenClocks(ctx, v.policy)
		_, _, list := tx.Policies.List(ctx, v.page(25))
		_, active := tx.Policies.Active(ctx)
		_, last := tx.Policies.LockPositions(ctx)
		return errors.Join(got, clocks, list, active, last)
	})
	add("calendars", func(ctx context.Context, tx ports.Tx, v chosen) error {
		all, _, err := tx.Calendars.List(ctx, v.page(25))
		ids := []domain.ID{v.policy}
		for _, c := range all {
			ids = append(ids, c.ID)
		}
		_, versions := tx.Calendars.Versions(ctx, ids)
		return errors.Join(err, versions)
	})
}

// triedNews are calls about notification logs.
func triedNews(add adder) {
	logs := map[string]func(v chosen) notification.Filter{
		"":          func(chosen) notification.Filter { return notification.Filter{} },
		"recipient": func(v chosen) notification.Filter { return notification.Filter{Recipients: []domain.ID{v.account}} },
		"ticket":    func(v chosen) notification.Filter { return notification.Filter{Tickets: []domain.ID{v.ticket}} },
		"type": func(v chosen) notification.Filter {
			if v.word == common.word {
				return notification.Filter{Types: []notification.Type{notification.TicketUpdated}}
			}
			return notification.Filter{Types: []notification.Type{notification.SLABreached}}
		},
		"read": func(v chosen) notification.Filter { return notification.Filter{IsRead: flagOf(v)} },
		"sent": func(v chosen) notification.Filter { return notification.Filter{IsSent: flagOf(v)} },
		"unread": func(v chosen) notification.Filter {
			return notification.Filter{IsRead: &no, Recipients: []domain.ID{v.account}}
		},
	}
	for _, all := range []bool{true, false} {
		for name, filter := range logs {
			for _, number := range []int{1, 3} {
				add(fmt.Sprintf("notification logs, %q, all %v, page %d", name, all, number), func(ctx context.Context, tx ports.Tx, v chosen) error {
					_, _, err := tx.NotificationLogs.List(ctx, v.reach(all), filter(v), ports.Page{Number: number, Size: 25})
					return err
				})
			}
		}
		add(fmt.Sprint("notification log, all ", all), func(ctx context.Context, tx ports.Tx, v chosen) error {
			_, err := tx.NotificationLogs.Get(ctx, v.log, v.reach(all))
			return err
		})
		add(fmt.Sprint("lock a notification log, all ", all), func(ctx context.Context, tx ports.Tx, v chosen) error {
			x, err := tx.NotificationLogs.Lock(ctx, v.log, v.reach(all))
			if err != nil {
				return err
			}
			_, wait := tx.NotificationLogs.MustWait(ctx, v.log)
			return errors.Join(wait, tx.NotificationLogs.Save(ctx, x.Log))
		})
		add(fmt.Sprint("inbox, all ", all), func(ctx context.Context, tx ports.Tx, v chosen) error {
			r := ports.Reader{ID: v.account, SeesAll: all}
			_, first := tx.Inbox.List(ctx, r, nil, nil, 26)
			_, unread := tx.Inbox.List(ctx, r, &no, nil, 26)
			_, next := tx.Inbox.List(ctx, r, nil, &ports.TimelinePosition{At: v.at, ID: v.log}, 26)
			_, count := tx.Inbox.Unread(ctx, r)
			_, err := tx.Inbox.ReadAll(ctx, r, noon)
			return errors.Join(first, unread, next, count, err)
		})
		add(fmt.Sprint("lock of an inbox, all ", all), func(ctx context.Context, tx ports.Tx, v chosen) error {
			_, err := tx.Inbox.Lock(ctx, ports.Reader{ID: v.account, SeesAll: all}, v.log)
			return err
		})
	}
	add("readers", func(ctx context.Context, tx ports.Tx, v chosen) error {
		_, readers := tx.Inbox.Readers(ctx, []domain.ID{v.account, bulkID(10)})
		_, receivers := tx.Inbox.Receivers(ctx)
		return errors.Join(readers, receivers)
	})
}

func triedAccounts(add adder) {
	for name, filter := range map[string]func(v chosen) ports.AccountFilter{
		"":       func(chosen) ports.AccountFilter { return ports.AccountFilter{} },
		"active": func(v chosen) ports.AccountFilter { return ports.AccountFilter{Active: flagOf(v)} },
		"role":   func(v chosen) ports.AccountFilter { return ports.AccountFilter{Active: &yes, Role: v.role} },
		"search": func(v chosen) ports.AccountFilter { return ports.AccountFilter{Search: searchFor(v.word)} },
		"search in a role": func(v chosen) ports.AccountFilter {
			return ports.AccountFilter{Search: searchFor(v.word), Role: v.role}
		},
	} {
		for _, number := range []int{1, 3} {
			add(fmt.Sprintf("accounts, %q, page %d", name, number), func(ctx context.Context, tx ports.Tx, v chosen) error {
				_, _, err := tx.Accounts.List(ctx, filter(v), ports.Page{Number: number, Size: 25})
				return err
			})
		}
	}
	for _, all := range []bool{true, false} {
		for _, purpose := range []ports.Purpose{ports.ToAsk, ports.ToAssign} {
			add(fmt.Sprintf("people to %s, all %v", purpose, all), func(ctx context.Context, tx ports.Tx, v chosen) error {
				_, every := tx.Accounts.People(ctx, v.reach(all), ports.PeopleFilter{For: purpose}, 50)
				_, some := tx.Accounts.People(ctx, v.reach(all), ports.PeopleFilter{Prefix: "person1999", For: purpose}, 50)
				_, next := tx.Accounts.People(ctx, v.reach(all), ports.PeopleFilter{Prefix: "person", After: "person" + v.word, For: purpose}, 50)
				return errors.Join(every, some, next)
			})
		}
	}
	add("account", func(ctx context.Context, tx ports.Tx, v chosen) error {
		_, view := tx.Accounts.View(ctx, v.account)
		_, superusers := tx.Accounts.LockSuperusers(ctx)
		_, own := tx.Accounts.OwnInRole(ctx, v.role)
		_, role := tx.Roles.Get(ctx, v.role)
		_, _, roles := tx.Roles.List(ctx, v.page(25))
		_, _, holders := tx.AccountRoles.List(ctx, v.page(25))
		_, permission := tx.AccountPermissions.Get(ctx, bulkID(6000))
		_, _, permissions := tx.AccountPermissions.List(ctx, v.page(25))
		if errors.Is(permission, domain.ErrNotFound) {
			permission = nil
		}
		return errors.Join(view, superusers, own, role, roles, holders, permission, permissions)
	})
	add("actor", func(ctx context.Context, tx ports.Tx, v chosen) error {
		_, err := tx.Sessions.Actor(ctx, bulkID(5000), v.at)
		return err
	})
	add("remove an account", func(ctx context.Context, tx ports.Tx, _ chosen) error {
		return tx.Accounts.Remove(ctx, bulkID(100_003))
	})
	add("sessions", func(ctx context.Context, tx ports.Tx, v chosen) error {
		oldest := tx.Sessions.RevokeOldest(ctx, v.account, 5, 100, v.at)
		of := tx.Sessions.RevokeOf(ctx, v.account, bulkID(5000), v.at)
		_, all := tx.Sessions.RevokeAll(ctx, v.at)
		return errors.Join(oldest, of, all)
	})
	add("throttle", func(ctx context.Context, tx ports.Tx, v chosen) error {
		_, _, counts := tx.Throttle.Counts(ctx, []string{"k1", v.word}, v.at, v.account, "a1")
		_, hit := tx.Throttle.Hit(ctx, []account.Limit{{Key: "k1", Group: v.word, Max: 5}}, v.at, v.at)
		return errors.Join(counts, hit, tx.Throttle.Clear(ctx, []string{"k1", "k2"}), tx.Throttle.ClearGroup(ctx, v.word))
	})
	add("known addresses", func(ctx context.Context, tx ports.Tx, v chosen) error {
		return errors.Join(tx.KnownAddresses.Save(ctx, account.KnownAddress{AccountID: v.account, Address: "a1", SignedInAt: v.at}),
			tx.KnownAddresses.ForgetOldest(ctx, v.account, 5, 100), tx.KnownAddresses.Forget(ctx, v.account))
	})
	add("mails of an account", func(ctx context.Context, tx ports.Tx, v chosen) error {
		return tx.AccountMails.RemoveOf(ctx, v.account)
	})
	add("idempotency record", func(ctx context.Context, tx ports.Tx, v chosen) error {
		_, err := tx.IdempotencyRecords.Get(ctx, "k1", v.at)
		return err
	})
	add("derived rows", func(ctx context.Context, tx ports.Tx, v chosen) error {
		kind := ports.DerivedKind(v.word)
		some, marks := tx.Derived.Marks(ctx, kind, time.Now(), 200)
		_, locked := tx.Derived.LockMarks(ctx, kind, time.Now(), 200)
		_, kinds := tx.Derived.MarkedKinds(ctx, v.at)
		_, counts := tx.Derived.CountMarks(ctx)
		_, walks := tx.Derived.Walks(ctx)
		_, _, walk := tx.Derived.LockWalk(ctx, kind)
		return errors.Join(marks, locked, kinds, counts, walks, walk, tx.Derived.Postpone(ctx, some[0]), tx.Derived.Unmark(ctx, some))
	})
	add("documents", func(ctx context.Context, tx ports.Tx, v chosen) error {
		ids, list := tx.Documents.List(ctx, v.ticket, 50)
		_, count := tx.Documents.CountAfter(ctx, v.ticket)
		accounts, after := tx.NameKeys.IDs(ctx, ports.UserNames, v.account, 50)
		_, taken := tx.Accounts.Taken(ctx, account.Account{ID: v.account, Username: "new", UsernameKey: "new"})
		return errors.Join(list, count, after, taken, tx.Documents.Rewrite(ctx, append(ids, v.ticket)), tx.Accounts.Reindex(ctx, accounts),
			tx.Documents.MarkRequested(ctx, []domain.ID{v.account}))
	})
	add("the rest", func(ctx context.Context, tx ports.Tx, _ chosen) error {
		_, now := tx.Clock.Now(ctx)
		return errors.Join(now, tx.Dashboard.Compact(ctx))
	})
}

// triedPurges are the purges, from which there is everything to remove, or little.
func triedPurges(add adder) {
	for name, purge := range map[string]func(tx ports.Tx) func(context.Context, time.Time, int) (int, error){
		"sessions":        func(tx ports.Tx) func(context.Context, time.Time, int) (int, error) { return tx.Sessions.Purge },
		"throttle":        func(tx ports.Tx) func(context.Context, time.Time, int) (int, error) { return tx.Throttle.Purge },
		"known addresses": func(tx ports.Tx) func(context.Context, time.Time, int) (int, error) { return tx.KnownAddresses.Purge },
		"account mails":   func(tx ports.Tx) func(context.Context, time.Time, int) (int, error) { return tx.AccountMails.Purge },
		"operations":      func(tx ports.Tx) func(context.Context, time.Time, int) (int, error) { return tx.Operations.Purge },
		"replies": func(tx ports.Tx) func(context.Context, time.Time, int) (int, error) {
			return tx.IdempotencyRecords.Purge
		},
	} {
		add("purge "+name, func(ctx context.Context, tx ports.Tx, v chosen) error {
			_, err := purge(tx)(ctx, v.at, 1000)
			return err
		})
	}
}
