"""Simulated clouds: providers that stand in for the vendors' so that the unchanged program runs with no credentials.

Mode `ledger`: what the program creates is written to one SQLite file that models an account, nothing else happens.
`core/` is what every provider shares; `aws/`, `gcp/`, `digitalocean/` are one each. What is modelled, and what is not,
stands in docs/simulated-*.md. Nothing here imports `fleet` or `components`: the simulator must not share their mistakes.
"""
