//go:build atlantis

// Command atlantis-config judges a server's and a repository's configuration of Atlantis by Atlantis' own parser, and prints
// the workspace of each project. It is built in a module made for it: see programs.go.
//
//	atlantis-config REPOS.YAML REPOSITORY ATLANTIS.YAML
package main

import (
	"fmt"
	"os"

	"github.com/runatlantis/atlantis/server/core/config"
	"github.com/runatlantis/atlantis/server/core/config/valid"
)

func main() {
	if err := judge(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func judge(serverFile, repository, repositoryFile string) error {
	parser := &config.ParserValidator{}
	server, err := parser.ParseGlobalCfg(serverFile, valid.NewGlobalCfgFromArgs(valid.GlobalCfgArgs{}))
	if err != nil {
		return fmt.Errorf("%s: %w", serverFile, err)
	}
	text, err := os.ReadFile(repositoryFile)
	if err != nil {
		return err
	}
	parsed, err := parser.ParseRepoCfgData(text, server, repository, "main")
	if err != nil {
		return fmt.Errorf("%s: %w", repositoryFile, err)
	}
	for _, project := range parsed.Projects {
		fmt.Println(project.Workspace)
	}
	return nil
}
