"""A site on GCP."""
