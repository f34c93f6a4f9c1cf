// Command tickt is a ticket-management service with a REST API. See tickt --help.
package main

import (
	"os"

	"tickt/bootstrap"
)

func main() { os.Exit(bootstrap.Main(os.Args[1:])) }
