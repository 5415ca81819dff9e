package main

import "context"

func docs(_ context.Context, _ bool) error { return nil }
