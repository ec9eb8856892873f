"""The simulated GCP provider; docs/simulated-gcp.md says what it models."""
