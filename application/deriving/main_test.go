package deriving_test

import (
	"testing"

	"tickt/test/stores"
)

func TestMain(m *testing.M) { stores.Main(m) }
