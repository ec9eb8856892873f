"""What a firewall says: its direction, ports and wide ranges."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, cast

from policies.blocks import Block
from policies.ranges import is_wide
from policies.rule import Seen, Stack
from policies.rules.gcp.tokens import ACCOUNT, NAT, NETWORK, ROUTER

EVERY_PORT: Final = range(65536)
_SPAN: Final = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")


def count(block: Block, path: str) -> int:
    """How many entries a list has, known or not; none where it is no list."""
    value = block.get(path)
    return len(cast("Sequence[object]", value)) if isinstance(value, Sequence) and not isinstance(value, str) else 0


def is_egress(firewall: Seen) -> bool:
    """Whether it is about what leaves. The provider takes one without a direction for ingress."""
    return firewall.text("direction") == "EGRESS"


def protocol(entry: Block) -> str:
    """The protocol of an entry; GCP does not tell capitals apart."""
    return entry.text("protocol").lower()


def ports(entry: Block) -> list[range]:
    """The ports of an entry: every port where it names none, or one that cannot be read, a range backwards for one."""
    return [_span(text) for text in entry.texts("ports")] or [EVERY_PORT]


def _span(text: str) -> range:
    found = _SPAN.fullmatch(text)
    span = range(int(found[1]), int(found[2] or found[1]) + 1) if found else EVERY_PORT
    return span if span and span[-1] in EVERY_PORT else EVERY_PORT


def wide_ranges(firewall: Seen) -> Iterator[str]:
    """The ranges that are nobody's in particular, the unknown ones last. One that names no peer at all is for everybody."""
    if is_egress(firewall):
        path, peers = "destinationRanges", ("destinationRanges",)
    else:
        path, peers = "sourceRanges", ("sourceRanges", "sourceServiceAccounts", "sourceTags")
    if not any(count(firewall, one) for one in peers):
        yield "0.0.0.0/0"
    yield from firewall.each_text(path, lambda cidr: iter((cidr,) if is_wide(cidr) else ()))


def targeted_roles(stack: Stack, firewall: Seen) -> set[str]:
    """The roles whose hosts it is for; an empty name alone where one cannot be told."""
    accounts = stack.linked(firewall, "targetServiceAccounts", ACCOUNT)
    found = {one.name.partition("-")[2] for one in accounts}
    return found if len(accounts) == count(firewall, "targetServiceAccounts") > 0 else {""}


def natted_networks(stack: Stack) -> set[str]:
    """URNs of the networks whose private hosts have a way out by NAT."""
    return {
        network.urn
        for nat in stack.of(NAT)
        for router in stack.linked(nat, "router", ROUTER)
        for network in stack.linked(router, "network", NETWORK)
    }
