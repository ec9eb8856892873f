"""Compares the policy pack with a scanner that others maintain, on resources whose faults are known.

What the pack says is asked in this process, what Checkov says of the same resources as Terraform plan JSON. It is no part
of `make test`: it needs the package index, and a scanner's next release is no fault of this repository.
"""
