"""Operator commands: what is run by hand or by make, beside `pulumi` itself."""
