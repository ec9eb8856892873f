"""A site on DigitalOcean."""
