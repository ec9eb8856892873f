"""Simulated clouds: providers that stand in for the vendors' so that the unchanged program runs with no credentials.

Mode `ledger`: what the program creates is written to one SQLite file that models an account, nothing else happens.
`core/` is what every provider shares, `aws/` the AWS provider. What is modelled, and what is not, stands in
docs/simulated-clouds.md. Nothing here imports `fleet` or `components`: the simulator must not share their mistakes.
"""
