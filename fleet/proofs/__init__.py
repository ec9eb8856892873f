"""Proofs over what is sent to the providers and to the hosts, never over the matrix that it was rendered from."""
