"""What every simulated provider shares: schema, checks, diff, ledger access and the gRPC service."""
