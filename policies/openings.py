"""What firewalls let in, whichever cloud's: for which role, from where, on which ports.

Read by what a rule is made from (`Stack.linked`), so that a preview that knows no id and no address can be judged. It is
a coarser view than the proofs' (`fleet.proofs`), which follow packets; it says which rule is wrong, and needs no address.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pulumi_policy.proxy import UnknownValueError

from policies.blocks import Block, OddShape
from policies.roles import group_role, role, tag_role
from policies.rule import Seen, Stack

EVERY_PORT: Final = (0, 65535)
_PORTS: Final = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")
AWS_GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
AWS_INGRESS: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
GCP_FIREWALL: Final = "gcp:compute/firewall:Firewall"
GCP_ACCOUNT: Final = "gcp:serviceaccount/account:Account"
DO_FIREWALL: Final = "digitalocean:index/firewall:Firewall"
ADDRESSES: Final = {
    "aws:ec2/eip:Eip": "publicIp",
    "gcp:compute/address:Address": "address",
    "digitalocean:index/droplet:Droplet": "ipv4Address",
}
"""What has the public address of a host of ours, and in which output."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where packets may come from: a range, hosts of ours by their address, or a group of ours in the same site.

    Attributes:
        range: An address range; empty where it is a host or group.
        role: The role of the host or group; empty for a range, `?` where it has none.
    """

    range: str = ""
    role: str = ""

    @property
    def words(self) -> str:
        """Who it is, for a message."""
        return self.range or f"the {self.role}"


@dataclass(frozen=True, kw_only=True)
class Opening:
    """One thing that a firewall lets in.

    Attributes:
        rule: The resource that says so.
        role: The role of the hosts it opens; `?` where it has none.
        protocol: `tcp`, `udp`, `icmp`, or `all`.
        ports: First and last.
        source: Who may use it.
    """

    rule: Seen
    role: str
    protocol: str
    ports: tuple[int, int]
    source: Source

    def includes(self, protocol: str, port: int) -> bool:
        """Whether it lets this in."""
        return self.protocol in (protocol, "all") and self.ports[0] <= port <= self.ports[1]


def openings(stack: Stack, one: Seen) -> Iterator[Opening]:
    """What one firewall resource lets in.

    Raises:
        UnknownValueError: When an unknown value is linked to nothing that tells what it will be.
    """
    yield from READERS[one.type](stack, one)


def _aws(stack: Stack, one: Seen) -> Iterator[Opening]:
    protocol = _protocol(one.text("ipProtocol"))
    ports = EVERY_PORT if protocol in ("all", "icmp") else _ports(one.number("fromPort"), one.number("toPort"))
    groups = stack.linked(one, "securityGroupId", AWS_GROUP)
    for opened in [role(group) or "?" for group in groups] or ["?"]:
        for source in _aws_sources(stack, one):
            yield Opening(rule=one, role=opened, protocol=protocol, ports=ports, source=source)


def _aws_sources(stack: Stack, one: Seen) -> Iterator[Source]:
    for field in ("cidrIpv4", "cidrIpv6"):
        yield from _sources(one, field, stack.linked(one, field, *ADDRESSES))
    groups = stack.linked(one, "referencedSecurityGroupId", AWS_GROUP)
    yield from (Source(role=role(group) or "?") for group in groups)
    if not groups and one.text("referencedSecurityGroupId"):
        yield Source(role="?")
    if one.text("prefixListId"):
        yield Source(range="a prefix list")


def _gcp(stack: Stack, one: Seen) -> Iterator[Opening]:
    if one.text("direction") == "EGRESS" or one.flag("disabled"):
        return
    targets = [group_role(account.name) or "?" for account in stack.linked(one, "targetServiceAccounts", GCP_ACCOUNT)]
    opened: list[tuple[str, tuple[int, int]]] = []
    list(one.each_block("allows", lambda block: _gcp_ports(block, opened)))
    sources = list(_gcp_sources(stack, one)) if opened else []
    for target in targets or ["?"]:
        for protocol, ports in opened:
            for source in sources:
                yield Opening(rule=one, role=target, protocol=protocol, ports=ports, source=source)


def _gcp_ports(block: Block, opened: list[tuple[str, tuple[int, int]]]) -> Iterator[str]:
    protocol = _protocol(block.text("protocol"))
    texts = block.texts("ports")
    opened += [(protocol, _port_text(text)) for text in texts] or [(protocol, EVERY_PORT)]
    return iter(())


def _gcp_sources(stack: Stack, one: Seen) -> Iterator[Source]:
    accounts = stack.linked(one, "sourceServiceAccounts", GCP_ACCOUNT)
    yield from (Source(role=group_role(account.name) or "?") for account in accounts)
    if not accounts and one.texts("sourceServiceAccounts"):
        yield Source(role="?")
    yield from _sources(one, "sourceRanges", stack.linked(one, "sourceRanges", *ADDRESSES))
    if one.texts("sourceTags"):
        yield Source(role="?")


def _digitalocean(stack: Stack, one: Seen) -> Iterator[Opening]:
    targets = [tag_role(tag) or "?" for tag in one.texts("tags")] or ["?"]
    # A property's dependencies are those of the whole list: which rule of it has which address cannot be told.
    hosts = stack.linked(one, "inboundRules", *ADDRESSES)
    found: list[tuple[str, tuple[int, int], Source]] = []

    def rule(block: Block) -> Iterator[str]:
        protocol = _protocol(block.text("protocol"))
        ports = EVERY_PORT if protocol == "icmp" else _port_text(block.text("portRange"))
        sources = [Source(role=tag_role(tag) or "?") for tag in block.texts("sourceTags")]
        sources += _sources(block, "sourceAddresses", hosts)
        unread = {"sourceDropletIds", "sourceKubernetesIds", "sourceLoadBalancerUids"} & set(block.values)
        sources += [Source(role="?") for name in unread if block.get(name)]
        found.extend((protocol, ports, source) for source in sources)
        return iter(())

    list(one.each_block("inboundRules", rule))
    for target in targets:
        for protocol, ports, source in found:
            yield Opening(rule=one, role=target, protocol=protocol, ports=ports, source=source)


READERS: Final[Mapping[str, Callable[[Stack, Seen], Iterator[Opening]]]] = {
    AWS_INGRESS: _aws,
    GCP_FIREWALL: _gcp,
    DO_FIREWALL: _digitalocean,
}


def _sources(block: Block, path: str, hosts: Sequence[Seen]) -> list[Source]:
    """A list of ranges as sources; one that is the address of a linked host, or that will be, is that host.

    Raises:
        UnknownValueError: When one is unknown and linked to nothing.
    """
    found: list[Source] = []

    def known(text: str) -> Iterator[str]:
        at = [host for host in hosts if _address(host) == text.partition("/")[0]]
        found.extend([Source(role=role(host) or "?") for host in at] or [Source(range=text)])
        return iter(())

    try:
        list(block.each_text(path, known))
    except UnknownValueError:
        to_be = [host for host in hosts if _address(host) is None]
        if not to_be:
            raise
        found += [Source(role=role(host) or "?") for host in to_be]
    return found


def _address(host: Seen) -> str | None:
    """Its public address, None while it is unknown."""
    try:
        return host.outputs.text(ADDRESSES[host.type]) or None
    except UnknownValueError:
        return None


def _protocol(text: str) -> str:
    numbers = {"-1": "all", "all": "all", "6": "tcp", "17": "udp", "1": "icmp", "icmpv6": "icmp", "58": "icmp"}
    return numbers.get(text.lower(), text.lower() or "all")


def _ports(first: float | None, last: float | None) -> tuple[int, int]:
    if first is None or last is None or -1 in (first, last):
        return EVERY_PORT
    return int(first), int(last)


def _port_text(text: str) -> tuple[int, int]:
    """A port or range as text; nothing, `all` and `0` stand for every port (DigitalOcean's API; GCP leaves it out)."""
    if text in ("", "all", "0"):
        return EVERY_PORT
    found = _PORTS.fullmatch(text)
    if found is None:
        raise OddShape("a port range is no number and no range of numbers")
    return int(found[1]), int(found[2] or found[1])
