// Command tickt is the service desk: its server and what prepares it.
package main

import (
	"os"

	"tickt/bootstrap"
)

func main() { os.Exit(bootstrap.Main(os.Args[1:])) }
