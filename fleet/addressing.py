"""Addresses, each a function of (site id, role, ordinal) and the site's range: growth never renumbers.

Addresses that a provider chooses stand in the plan as symbols: distinct from each other, inside a known range, and
turned into Outputs where resources are made.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from fleet.roles import ROLES, Role

MESH_NETWORK: Final = IPv4Network("100.64.0.0/10")
"""RFC 6598 shared space: no VPC range of ours can overlap it. The upper half is kept for a second interface."""
MESH_ADDRESSES_PER_SITE: Final = 1024
MESH_ADDRESSES_PER_ROLE: Final = 128
MESH_MTU: Final = 1380
"""1460 (GCP's default) less WireGuard's 80 bytes over IPv6, the smallest path we meet."""

LINK_LOCAL: Final = IPv4Network("169.254.0.0/16")
SHORTEST_SITE_PREFIX: Final = 16
LONGEST_SITE_PREFIX: Final = 20
"""A site's subnets take the first 14 /24 blocks of its range."""

PUBLIC_BLOCK: Final = 0
PRIVATE_BLOCK: Final = 8
ZONE_LETTERS: Final = "abcdef"

FIRST_OCTET: Final[dict[Role, int]] = {"gateway": 10, "sentry": 32, "validator": 100, "cosigner": 140, "monitor": 180}
"""Last octet of ordinal 1 in its subnet; clear of what AWS (.0 to .3, .255) and GCP (.0, .1, .254, .255) keep."""

RFC1918: Final = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
"""The private ranges: where sites lie."""

NOT_GLOBAL: Final = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "224.0.0.0/3",
    )
)
"""What a host that may speak to the Internet must still not reach: private, shared, link-local, multicast, reserved
(IANA IPv4 special-purpose registry). 198.18.0.0/15 is left reachable: rehearsals simulate the Internet in it."""


@dataclass(frozen=True, order=True)
class Symbol:
    """An address that a provider will choose.

    Attributes:
        name: What it is the address of, for example `public(s1-gateway-1)`; equal names mean the same address.
        within: The range it will lie in, in CIDR notation.
    """

    name: str
    within: str

    def __str__(self) -> str:
        return f"<{self.name}>"


Address = str | Symbol


def public_symbol(host: str) -> Symbol:
    """The public address of a cloud host."""
    return Symbol(f"public({host})", "0.0.0.0/0")


def private_symbol(host: str, cidr: IPv4Network) -> Symbol:
    """The private address of a host where the provider chooses it."""
    return Symbol(f"private({host})", str(cidr))


def default_site_range(site_id: int) -> IPv4Network:
    """The VPC range of a site whose config names none."""
    return IPv4Network((IPv4Address("10.0.0.0") + site_id * 2**16, SHORTEST_SITE_PREFIX))


def subnet_range(site_range: IPv4Network, *, public: bool, zone_index: int) -> IPv4Network:
    """The /24 of one subnet: public ones from block 0, private ones from block 8, by the zone's letter."""
    block = (PUBLIC_BLOCK if public else PRIVATE_BLOCK) + zone_index
    return IPv4Network((site_range.network_address + block * 256, 24))


def host_address(subnet: IPv4Network, role: Role, ordinal: int) -> IPv4Address:
    """The fixed private address of a host in its subnet."""
    return subnet.network_address + FIRST_OCTET[role] + ordinal - 1


def mesh_address(site_id: int, role: Role, ordinal: int) -> IPv4Address:
    """The address of a host inside the WireGuard mesh."""
    offset = site_id * MESH_ADDRESSES_PER_SITE + ROLES.index(role) * MESH_ADDRESSES_PER_ROLE + ordinal
    return MESH_NETWORK.network_address + offset


def global_internet() -> tuple[IPv4Network, ...]:
    """All of IPv4 but `NOT_GLOBAL`, as the fewest CIDR blocks."""
    rest = [IPv4Network("0.0.0.0/0")]
    for excluded in NOT_GLOBAL:
        rest = [
            piece
            for block in rest
            for piece in (block.address_exclude(excluded) if excluded.subnet_of(block) else [block])
        ]
    return tuple(sorted(rest))
