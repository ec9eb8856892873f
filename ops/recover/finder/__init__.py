"""A program that creates nothing: it asks the functions of providers, for `ops.recover.search`."""
