package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// docs writes docs/ from the provider's schema, templates/ and examples/; with check it only tells what differs.
//
// tfplugindocs knows one prefix per provider, and ours has two. So it runs once for each, with a schema that has only
// that prefix's types.
func docs(ctx context.Context, check bool) error {
	root, err := filepath.Abs(filepath.Join("..", "..")) // this program runs in its own folder
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "routeros-docs-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	schema, err := providerSchema(ctx, root)
	if err != nil {
		return err
	}
	generator, err := build(ctx, "tfplugindocs")
	if err != nil {
		return err
	}
	made := filepath.Join(work, "docs")
	for _, prefix := range []string{"routeros", "metallb"} {
		if err := generate(ctx, generator, root, work, prefix, schema); err != nil {
			return err
		}
		if err := collect(filepath.Join(work, prefix, "docs"), made, prefix); err != nil {
			return err
		}
	}
	kept := filepath.Join(root, "docs")
	if err := takeOver(kept, made); err != nil {
		return err
	}
	if check {
		return differs(kept, made)
	}
	if err := os.RemoveAll(kept); err != nil {
		return err
	}
	return os.CopyFS(kept, os.DirFS(made))
}

// providerSchema asks the provider in this tree itself: only the newest CLIs could tell of lists and actions.
func providerSchema(ctx context.Context, root string) (schema map[string]any, err error) {
	out, err := command(ctx, root, "go", "run", "./internal/provider/cmd/schema")
	if err == nil {
		err = json.Unmarshal(out, &schema)
	}
	return schema, err
}

func command(ctx context.Context, dir, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, said.String())
	}
	return out, nil
}

// generate runs tfplugindocs on a copy of what it reads, with the types of one prefix.
func generate(ctx context.Context, generator, root, work, prefix string, schema map[string]any) error {
	dir := filepath.Join(work, prefix)
	for _, part := range []string{"examples", "templates"} {
		if err := os.CopyFS(filepath.Join(dir, part), os.DirFS(filepath.Join(root, part))); err != nil {
			return err
		}
	}
	filtered := map[string]any{"provider": schema["provider"]}
	for _, kinds := range []string{
		"resource_schemas", "data_source_schemas", "list_resource_schemas", "resource_identity_schemas", "action_schemas",
	} {
		types, _ := schema[kinds].(map[string]any)
		kept := map[string]any{}
		for name, of := range types {
			if strings.HasPrefix(name, prefix+"_") {
				kept[name] = of
			}
		}
		filtered[kinds] = kept
	}
	if prefix == "routeros" { // the provider's local name, by which functions are called
		filtered["functions"] = schema["functions"]
	}
	address := "registry.terraform.io/hashicorp/" + prefix // where tfplugindocs looks for it
	text, err := json.Marshal(map[string]any{"format_version": "1.0", "provider_schemas": map[string]any{address: filtered}})
	if err != nil {
		return err
	}
	file := filepath.Join(dir, "schema.json")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return err
	}
	_, err = command(ctx, dir, generator, "generate", "--provider-dir", dir, "--provider-name", prefix,
		"--rendered-provider-name", "routeros", "--providers-schema", file)
	return err
}

// collect takes over one prefix's pages. The provider's own and the guides come from the first; the others bear the type's
// full name only where the prefix is not the provider's.
func collect(from, to, prefix string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		relative, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, relative)
		if prefix != "routeros" {
			if dir := filepath.Dir(relative); dir == "." || dir == "guides" {
				return nil
			}
			target = filepath.Join(to, filepath.Dir(relative), prefix+"_"+filepath.Base(relative))
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return os.WriteFile(target, text, 0o644)
	})
}

// takeOver copies the pages that are written elsewhere: make bench writes what it has measured.
func takeOver(kept, made string) error {
	for _, page := range []string{"performance.md", "performance.svg"} {
		text, err := os.ReadFile(filepath.Join(kept, page))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(made, page), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// differs is an error that names the pages of docs/ that are not as they would be generated now.
func differs(kept, made string) error {
	pages := map[string][2]string{}
	for i, dir := range []string{kept, made} {
		err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			page := strings.TrimPrefix(path, dir)
			both := pages[page]
			both[i] = string(text)
			pages[page] = both
			return err
		})
		if err != nil {
			return err
		}
	}
	var stale []string
	for page, both := range pages {
		if both[0] != both[1] {
			stale = append(stale, "docs"+page)
		}
	}
	if stale != nil {
		slices.Sort(stale)
		return fmt.Errorf("not as generated: %s; run make docs", strings.Join(stale, ", "))
	}
	return nil
}
