"""Reads rendered resources, host firewalls and tunnels back into one model. Knows nothing of the plan."""
