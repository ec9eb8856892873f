"""Runs the program against a monitor that records what it asks for: no engine, no cloud, every id known."""
