"""Finds out what exists in the clouds that the state does not know, and takes it into the state."""
