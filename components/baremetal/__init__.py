"""A site of bare metal."""
