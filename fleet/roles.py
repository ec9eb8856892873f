"""The roles a host can have, and how many of each a site can number."""

from typing import Final, Literal, get_args

Role = Literal["gateway", "sentry", "validator", "cosigner", "monitor"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)

PUBLIC_ROLES: Final[frozenset[Role]] = frozenset({"gateway", "sentry"})
PRIVATE_ROLES: Final[frozenset[Role]] = frozenset({"validator", "cosigner", "monitor"})

SIGNING_ROLES: Final[frozenset[Role]] = frozenset({"validator", "cosigner"})
"""Hosts whose loss, duplication or rollback can cost blocks or the stake: at most one is let go at once."""

PROTECTED_ROLES: Final[frozenset[Role]] = frozenset({"gateway", "validator", "cosigner"})
"""Hosts that `destroy` must not take: the signing hosts, and the gateway, the only way to them (design, section 8)."""

HIGHEST_ORDINAL: Final[dict[Role, int]] = {"gateway": 1, "sentry": 24, "validator": 16, "cosigner": 16, "monitor": 4}
"""Highest ordinal of a role in a site, retired ones included: each owns an address and a port for ever."""

FIRST_SLOT: Final[dict[Role, int]] = {"gateway": 0, "sentry": 1, "validator": 25, "cosigner": 41, "monitor": 57}
"""Where a role's ordinals begin among a site's 64 slots; never renumber: addresses and ports derive from it."""

SLOTS_PER_SITE: Final = 64


def slot(role: Role, ordinal: int) -> int:
    """The place of a host among its site's slots, 0 to 63; fixed for life."""
    if not 1 <= ordinal <= HIGHEST_ORDINAL[role]:
        message = f"ordinal {ordinal} of role {role} is outside 1 to {HIGHEST_ORDINAL[role]}: use a free ordinal in that range"
        raise ValueError(message)
    return FIRST_SLOT[role] + ordinal - 1


def plural(role: Role) -> str:
    """The word for several hosts of a role."""
    return "sentries" if role == "sentry" else f"{role}s"
