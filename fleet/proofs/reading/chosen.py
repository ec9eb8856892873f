"""Addresses that nobody named and a provider would choose: made up here, distinct from all others."""

from ipaddress import IPv4Address
from typing import Final

FIRST: Final = int(IPv4Address("198.19.128.0"))
"""In the half of 198.18.0.0/15 (RFC 2544) that recorded programs are not answered from."""


class Chosen:
    """Gives each owner one address, always the same."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def public(self, owner: str) -> int:
        """The public address of an owner."""
        return self._given.setdefault(owner, FIRST + len(self._given))
