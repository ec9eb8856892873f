"""What `make setup` does: the Python environment, the Pulumi CLI and the Python language host.

A user who has the vendor's `pulumi` keeps it. Where it is missing or too old, the CLI is built from its Go module, and
where the vendor's Python language host is missing, a stand-in from this folder takes its place.

Everything here runs on the system's Python before any package is installed, so it imports the standard library only.
Nothing is written outside the repository but by the tools themselves (Go's and uv's own caches).
"""
