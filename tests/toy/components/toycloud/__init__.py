"""A site on toycloud."""
