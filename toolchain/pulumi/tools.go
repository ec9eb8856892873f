//go:build tools

// Package tools keeps the CLI in go.mod, so that `go mod tidy` pins what it is built from.
package tools

import (
	_ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
	_ "github.com/pulumi/pulumi/sdk/v3/go/common/version"
)
