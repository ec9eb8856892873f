"""The simulated toycloud provider."""
