"""A site on AWS."""
