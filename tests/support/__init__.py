"""What tests and benchmarks share: sample configs, and the program run under mocks."""
