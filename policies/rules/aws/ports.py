"""Ports that the pack's config adds to, or replaces, a rule's own."""

from typing import Any

from policies.blocks import Block


def ports(settings: Block, name: str, default: int) -> Any:
    """The ports in a setting of a rule; where it is not set or empty, the default alone."""
    return settings.get(name) or [default]
