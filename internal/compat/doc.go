// Package compat lets other people's RouterOS clients judge the simulated router: unchanged, they have to work with it
// as they do with a real one, and to fail where they fail with a real one. What is expected of them, and why, stands in
// tables here; a surprise in either direction fails. It is all tests: `make compat`.
package compat
