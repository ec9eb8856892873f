"""Address ranges in rules."""

import ipaddress
from typing import Final

from fleet.fields import WIDEST_ADMIN_PREFIX

ANYWHERE: Final = frozenset({"0.0.0.0/0", "::/0"})
WIDEST_IPV4: Final = WIDEST_ADMIN_PREFIX
WIDEST_IPV6: Final = 48
"""Prefix lengths below these are no operator's, office's or peer's range any more (as `access.admin_cidrs` refuses them)."""


def is_wide(cidr: str) -> bool:
    """Whether a range is too wide to be trusted. What is no range at all counts as wide."""
    try:
        network = ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        return True
    return network.prefixlen < (WIDEST_IPV4 if network.version == 4 else WIDEST_IPV6)
