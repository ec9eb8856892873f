"""The policy pack from the operator's side: over a state, in a preview, and as a reference page."""
