"""The one place that makes names.

A name depends on (site id, role, ordinal) and nothing else, so renaming a site, adding a host or retiring one never
renames another: a renamed validator would be a replaced validator. What an account shares between stacks (names, tags)
carries fleet and stack.
"""

from hashlib import sha256
from typing import Final

from fleet.roles import Role

LONGEST_FLEET: Final = 12
LONGEST_STACK: Final = 16
LONGEST_NAME: Final = 63
"""The shortest limit among our providers: GCP resource names and DNS labels (RFC 1035) have at most 63 characters."""
HASH_DIGITS: Final = 8
"""Hex digits of SHA-256 that stand for what a name leaves out: 32 bits, far from chance among the names of an account."""


def site_name(site_id: int) -> str:
    """The logical name of a site, for example `s1`."""
    return f"s{site_id}"


def host_name(site_id: int, role: Role, ordinal: int) -> str:
    """The logical name of a host, unique in its fleet, for example `s1-validator-1`."""
    return f"{site_name(site_id)}-{role}-{ordinal}"


def group_name(site_id: int, role: Role) -> str:
    """The logical name of all hosts of one role in one site, for example `s1-sentry`."""
    return f"{site_name(site_id)}-{role}"


def physical_name(fleet: str, stack: str, name: str) -> str:
    """A name that an account can share with other fleets and stacks, for example `redoubt-testnet-s1-validator-1`."""
    full = f"{fleet}-{stack}-{name}"
    if len(full) > LONGEST_NAME:
        message = (
            f"name {full!r} has {len(full)} characters, at most {LONGEST_NAME} fit: shorten the fleet's or stack's name"
        )
        raise ValueError(message)
    return full


def cut_name(name: str, limit: int = LONGEST_NAME) -> str:
    """A name that fits: itself, or its beginning with a short hash of the whole, so that two long names stay apart.

    Only for resources that nobody calls by their name, such as a firewall; a host's name is never cut.
    """
    if len(name) <= limit:
        return name
    return f"{name[: limit - HASH_DIGITS - 1].rstrip('-')}-{_digest(name)}"


def account_id(fleet: str, stack: str, group: str) -> str:
    """The id of a group's GCP service account, for example `s2-validator-1a2b3c4d`.

    An id has 6 to 30 characters, too few for fleet and stack, which a project may share: a hash stands for them.
    """
    return f"{group}-{_digest(f'{fleet}/{stack}')}"


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:HASH_DIGITS]


def labels(*, fleet: str, stack: str, site: str, role: str | None = None) -> dict[str, str]:
    """The labels of one resource, for GCP, whose keys have no colon and no capital."""
    found = {"redoubt-fleet": fleet, "redoubt-stack": stack, "redoubt-site": site}
    if role is not None:
        found["redoubt-role"] = role
    return found


def tags(*, fleet: str, stack: str, name: str, site: str, role: str | None = None) -> dict[str, str]:
    """The tags of one resource. `Name` is what the consoles show; the rest finds all that belongs to a fleet."""
    found = {
        "Name": physical_name(fleet, stack, name),
        "redoubt:fleet": fleet,
        "redoubt:stack": stack,
        "redoubt:site": site,
    }
    if role is not None:
        found["redoubt:role"] = role
    return found
