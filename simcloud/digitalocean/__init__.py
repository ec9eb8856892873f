"""The simulated DigitalOcean provider: one module for each subject, each type a model that says where its rules are from.

The rules stand in simcloud/data/digitalocean.json, under each type's `checks` and `deletion`, with the source file and
commit they were read from; those marked "knowledge" there are general knowledge of the DigitalOcean API.
"""
