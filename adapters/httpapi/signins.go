package httpapi

import (
	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"tickt/adapters/httpserver"
	"tickt/domain"
	"tickt/domain/account"
)

// signIns counts sign-ins by result: "ok", or the code of the failure.
type signIns struct{ byResult *prometheus.CounterVec }

func newSignIns() signIns {
	s := signIns{prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "tickt_sign_ins_total", Help: "Number of sign-ins, by result: ok, or the code of the failure.",
	}, []string{"result"})}
	for _, expected := range []domain.Reason{signedIn, domain.ReasonCredentialsInvalid, domain.ReasonThrottled} {
		s.byResult.WithLabelValues(string(expected)) // so that rates are right from the first one on
	}
	return s
}

// signedIn is the result of a sign-in that succeeded.
const signedIn domain.Reason = "ok"

// finished counts a sign-in. If it failed, it logs the name as it was looked up, without which an operator cannot tell a
// forgotten password from an attack. Text that cannot be a user name, perhaps a password in the wrong field, is not logged.
func (s signIns) finished(c *fiber.Ctx, log *zap.Logger, username string, err error) {
	if err == nil {
		s.byResult.WithLabelValues(string(signedIn)).Inc()
		return
	}
	result := string(httpserver.FailureOf(err).Code)
	s.byResult.WithLabelValues(result).Inc()
	key, possible := account.NameKey(username)
	if !possible {
		key = ""
	}
	r := httpserver.RequestOf(c)
	log.Info("sign-in failed",
		zap.String("username", key), zap.String("result", result), zap.Stringer("address", r.Address), zap.String("request_id", r.ID))
}
