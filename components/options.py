"""The one way to make a child's resource options."""

from typing import Any

import pulumi


def child_options(parent: pulumi.ComponentResource, **changes: Any) -> pulumi.ResourceOptions:
    """Options of a child of `parent`: what the caller of the component passed never reaches a child."""
    return pulumi.ResourceOptions(parent=parent, **changes)


def kept_options(parent: pulumi.ComponentResource, *, keep: bool, **changes: Any) -> pulumi.ResourceOptions:
    """Options of a child whose loss costs the stake or the way in.

    Protected, so that no update or destroy deletes it, and retained, so that a forced destroy only forgets it.

    Args:
        parent: The component that makes it.
        keep: False lets go, deliberately (`let_go` and `retire` in the config).
        changes: Further options, among them `hooks` of `components.guard`.
    """
    return child_options(parent, protect=keep, retain_on_delete=keep, **changes)
