"""Which role a resource is for: from its tags where its type has them, else from its logical name.

The tag is what clouds, firewalls and people go by, so it is believed first; `fleet-role-tag` holds both together.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from fleet.roles import PUBLIC_ROLES, ROLES
from fleet.takedown import host_of, role_of
from policies.rule import Seen

MACHINES: Final = frozenset(
    {"aws:ec2/instance:Instance", "gcp:compute/instance:Instance", "digitalocean:index/droplet:Droplet"}
)
VOLUMES: Final = frozenset({"aws:ebs/volume:Volume", "gcp:compute/disk:Disk", "digitalocean:index/volume:Volume"})
_GROUP: Final = re.compile(rf"s\d+-({'|'.join(ROLES)})")
_GROUP_TAG: Final = re.compile(rf".+-s\d+-({'|'.join(ROLES)})(-\d+)?")


def tagged_role(resource: Seen) -> str | None:
    """The role that tags or labels say; None where none is said. It may be one that the model does not know."""
    tags = resource.get("tags")
    if isinstance(tags, Mapping):
        return _text(cast("Mapping[str, Any]", tags).get("redoubt:role"))
    labels = resource.get("labels")
    if isinstance(labels, Mapping):
        return _text(cast("Mapping[str, Any]", labels).get("redoubt-role"))
    if isinstance(tags, Sequence) and not isinstance(tags, str):
        found = {tag_role(tag) for tag in cast("Sequence[Any]", tags) if isinstance(tag, str)} - {None}
        return found.pop() if len(found) == 1 else None
    return None


def role(resource: Seen) -> str | None:
    """The role of the host or group that a resource is part of."""
    return tagged_role(resource) or named_role(resource)


def named_role(resource: Seen) -> str | None:
    """The role in a logical name such as `s1-cosigner-1` or `s1-cosigner-1-private`."""
    host = host_of(resource.name)
    return role_of(host) if host else None


def group_role(name: str) -> str | None:
    """The role in the logical name of a group, such as `s2-cosigner`."""
    found = _GROUP.fullmatch(name)
    return found[1] if found else None


def tag_role(tag: str) -> str | None:
    """The role in a DigitalOcean tag, such as `redoubt-testnet-s3-sentry`."""
    found = _GROUP_TAG.fullmatch(tag)
    return found[1] if found else None


def is_public(resource: Seen) -> bool:
    """Whether its role may have a public address. A role that is missing or unknown may not."""
    return role(resource) in PUBLIC_ROLES


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
