"""Measures what this repository costs to run; `make bench` writes build/bench.json.

What the program adds is told apart from what the Pulumi SDK and engine take by a *floor*: a generated flat program that
registers the same resources, with the same options and dependencies, and plans nothing (`bench.floor`). Machines are
noisy, so program and floor alternate within one run, medians are compared, and every single figure is kept in the JSON.
Goals are held against wall time; processor time, which other load on the machine disturbs less, stands beside it (`cpu`).
"""
