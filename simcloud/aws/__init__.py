"""The simulated AWS provider: one module for each area, each type a model that cites where its rules come from.

The rules stand in simcloud/data/aws.json, under each type's `checks` and `deletion`, with the source file and commit
they were read from; those marked "knowledge" there are general knowledge of the AWS API.
"""
