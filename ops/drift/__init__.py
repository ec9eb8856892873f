"""`python -m ops.drift`: what somebody changed in the clouds behind the engine's back, what it means, and what to do."""
