package httpapi

import (
	"errors"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"tickt/adapters/httpserver"
	"tickt/application/identity"
	"tickt/domain"
	"tickt/domain/account"
)

// signIns counts sign-ins by result: "ok", or the code of the failure.
type signIns struct{ byResult *prometheus.CounterVec }

func newSignIns() signIns {
	s := signIns{prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "tickt_sign_ins_total", Help: "Number of sign-ins, and of wrong current passwords, by result: ok, or the code of the failure.",
	}, []string{"result"})}
	for _, expected := range []domain.Reason{signedIn, domain.ReasonCredentialsInvalid, domain.ReasonThrottled} {
		s.byResult.WithLabelValues(string(expected)) // so that rates are right from the first one on
	}
	return s
}

// signedIn is the result of a sign-in that succeeded.
const signedIn domain.Reason = "ok"

// finished counts a sign-in, and logs it if it failed. name is the folded user name of the account; "" if no account has what was
// typed.
func (s signIns) finished(c *fiber.Ctx, log *zap.Logger, name string, err error) {
	if err == nil {
		s.byResult.WithLabelValues(string(signedIn)).Inc()
		return
	}
	s.failed(c, log, name, httpserver.FailureOf(err).Code)
}

// guessed counts and logs a request of a signed-in account that failed because of its current password: such guesses are failed
// sign-ins. A right current password is no sign-in and does not count.
func (s signIns) guessed(c *fiber.Ctx, log *zap.Logger, username string, err error) {
	var guess *identity.GuessError
	if !errors.As(err, &guess) {
		return
	}
	result := domain.ReasonCredentialsInvalid
	if domain.KindOf(guess) == domain.Throttled {
		result = domain.ReasonThrottled
	}
	name, _ := account.NameKey(username)
	s.failed(c, log, name, result)
}

// failed counts a failed sign-in, and logs the name of the account, without which an operator cannot tell a forgotten password
// from an attack. What no account has as its name is not logged: it may be a password in the wrong field.
func (s signIns) failed(c *fiber.Ctx, log *zap.Logger, name string, result domain.Reason) {
	s.byResult.WithLabelValues(string(result)).Inc()
	r := httpserver.RequestOf(c)
	log.Info("sign-in failed", zap.String("username", name), zap.Bool("known", name != ""), zap.String("result", string(result)),
		zap.Stringer("address", r.Address), zap.String("request_id", r.ID))
}
