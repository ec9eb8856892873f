"""A stack as the proofs read it, also before anything exists.

In a first preview no id and no public address is known. What an unknown value will be follows from what it is made of:
`Stack.linked` says whose id or address it is, and that gets a stand-in, the same wherever it is used. The proofs refuse
rules that depend on which address a provider chooses, so a stand-in decides nothing.
"""

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError

from cloudinit.provable import host_files
from fleet.addressing import Symbol
from fleet.plan import Plan
from fleet.proofs.intended import facts
from fleet.proofs.model import World
from fleet.proofs.reading.resources import ReadingError, Resource
from fleet.proofs.reading.world import read_world
from policies.blocks import CannotJudge
from policies.resource_types import KNOWN
from policies.rule import Seen, Stack

FRAME: Final = ("pulumi:", "redoubt:", "command:")
"""What makes nothing that packets pass."""
DEFAULTS: Final = "__defaults"
"""Where bridged providers list what they filled in themselves, in nested objects; the engine shows no more of it."""
FILLED_IN: Final[Mapping[str, Mapping[str, Any]]] = {
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {"revokeRulesOnDelete": False},
    "aws:ec2/instance:Instance": {"forceDestroy": False, "getPasswordData": False},
    "aws:ec2/securityGroup:SecurityGroup": {"revokeRulesOnDelete": False},
    "aws:ec2/subnet:Subnet": {
        "assignIpv6AddressOnCreation": False,
        "enableDns64": False,
        "enableResourceNameDnsARecordOnLaunch": False,
        "enableResourceNameDnsAaaaRecordOnLaunch": False,
        "ipv6Native": False,
    },
    "aws:ec2/vpc:Vpc": {"instanceTenancy": "default"},
    "gcp:compute/instance:Instance": {"eraseWindowsVssSignature": False},
    "gcp:compute/network:Network": {
        "deleteBgpAlwaysCompareMed": False,
        "networkFirewallPolicyEnforcementOrder": "AFTER_CLASSIC_FIREWALL",
    },
    "gcp:compute/route:Route": {"priority": 1000},
    "gcp:serviceaccount/account:Account": {"disabled": False},
}
"""What providers fill in beside it (their schemas' defaults). The proofs do not model these; another value they refuse."""
AWS_OWN: Final = frozenset({"region", "tagsAll"})
"""What pulumi-aws 7 puts into every resource: the provider's own."""
RANGES: Final = (ipaddress.IPv4Network("203.0.113.0/24"), ipaddress.IPv4Network("198.51.100.0/24"))
"""Where stand-ins for public addresses come from: nobody's (RFC 5737)."""
PUBLIC: Final = {
    "aws:ec2/eip:Eip": "publicIp",
    "gcp:compute/address:Address": "address",
    "digitalocean:index/droplet:Droplet": "ipv4Address",
}
"""The output that holds a public address."""
DROPLET: Final = "digitalocean:index/droplet:Droplet"
VPC: Final = "digitalocean:index/vpc:Vpc"
ADDRESSES: Final = frozenset(
    {"cidrIpv4", "sourceRanges", "destinationRanges", "sourceAddresses", "destinationAddresses", "natIp"}
)
"""Properties that are made of addresses; every other one that is unknown is a reference."""


class StandIns:
    """What stands for unknown outputs in one run."""

    def __init__(self, stack: Stack, plan: Plan) -> None:
        self._stack = stack
        taken = {str(host.public_address) for host in plan.hosts} | {one.partition("/")[0] for one in plan.admin_cidrs}
        # Every second one: a set of them must never read as a range.
        free = (str(one) for network in RANGES for one in list(network.hosts())[::2] if str(one) not in taken)
        self.outputs: dict[str, dict[str, Any]] = {}
        for one in sorted(stack.resources, key=lambda one: one.urn):
            self.outputs[one.urn] = self._outputs(one, free)
        self._private()

    def _outputs(self, one: Seen, free: Iterator[str]) -> dict[str, Any]:
        known = {key: value for key, value in _known(one.outputs.values).items() if value is not None}
        known["id"] = known.get("id") or f"stand-in:{one.urn}"
        if key := PUBLIC.get(one.type):
            if one.type == DROPLET and one.flag("publicNetworking") is False:
                known[key] = ""
            elif key not in known:
                address = next(free, None)
                if address is None:
                    raise CannotJudge("more hosts have unknown public addresses than stand-ins were set aside for")
                known[key] = address
        return known

    def _private(self) -> None:
        """Droplets get their private addresses from DigitalOcean, inside their VPC."""
        droplets = [self._stack.by_urn[urn] for urn in self.outputs if self._stack.by_urn[urn].type == DROPLET]
        taken = {self.outputs[one.urn].get("ipv4AddressPrivate") for one in droplets}
        for one in droplets:
            if "ipv4AddressPrivate" not in self.outputs[one.urn]:
                (network,) = self._stack.linked(one, "vpcUuid", VPC) or self._stack.of(VPC)[:1]
                inside = ipaddress.IPv4Network(network.text("ipRange"))
                chosen = next(str(inside[n]) for n in range(2, inside.num_addresses, 2) if str(inside[n]) not in taken)
                taken.add(chosen)
                self.outputs[one.urn]["ipv4AddressPrivate"] = chosen

    def inputs(self, one: Seen) -> dict[str, Any]:
        """The inputs of a resource, every unknown among them stood in for.

        Raises:
            UnknownValueError: When one is linked to nothing that tells what it will be.
        """
        found: dict[str, Any] = {}
        for name, value in _known(one.values, keep=True).items():
            found[name] = self._resolved(value, name, self._stack.linked(one, name), one)
        defaults = FILLED_IN.get(one.type, {})
        own = AWS_OWN if one.type.startswith("aws:") else frozenset[str]()
        return {
            name: value
            for name, value in found.items()
            if name not in own and not (name in defaults and defaults[name] == value)
        }

    def _resolved(self, value: Any, name: str, linked: list[Seen], one: Seen) -> Any:
        if isinstance(value, dict):
            block = cast("dict[str, Any]", value)
            skipped = {DEFAULTS, *cast("list[str]", block.get(DEFAULTS) or ())}
            return {key: self._resolved(each, key, linked, one) for key, each in block.items() if key not in skipped}
        if isinstance(value, list):
            return self._list(cast("list[Any]", value), name, linked, one)
        if value != UNKNOWN_STRING_VALUE:
            return value
        for candidate in self._candidates(name, linked):
            return self._told(candidate, name, one)
        raise UnknownValueError(UNKNOWN_STRING_VALUE, [one.name, name])

    def _list(self, entries: list[Any], name: str, linked: list[Seen], one: Seen) -> list[Any]:
        """A list. Its unknown entries are the linked ones; where there are more of those, since a property's links are
        those of all its rules, each rule is read as if it named all of them: what is wider than the truth proves no less
        about who is kept out."""
        known = [self._resolved(each, name, linked, one) for each in entries if each != UNKNOWN_STRING_VALUE]
        unknown = len(entries) - len(known)
        if not unknown:
            return known
        candidates = self._candidates(name, linked)
        if unknown > len(candidates):
            raise UnknownValueError(UNKNOWN_STRING_VALUE, [one.name, name])
        return known + [self._told(each, name, one) for each in candidates]

    def _candidates(self, name: str, linked: list[Seen]) -> list[Seen]:
        """What an unknown property can be made of: addresses of what has one; else what is called as it is, if anything."""
        if name in ADDRESSES:
            return [each for each in linked if each.type in PUBLIC and each.get("addressType") != "INTERNAL"]
        called = [each for each in linked if name.lower().startswith(each.type.rpartition(":")[2].lower())]
        return called or [each for each in linked if not each.type.startswith(FRAME)]

    def _told(self, candidate: Seen, name: str, one: Seen) -> str:
        outputs = self.outputs[candidate.urn]
        if name not in ADDRESSES:
            return str(outputs["id"])
        address = str(outputs[PUBLIC[candidate.type]])
        return address if name == "natIp" or one.type.startswith("digitalocean:") else f"{address}/32"

    def addresses(self, plan: Plan) -> dict[str, str]:
        """Addresses that providers choose, by the plan's symbols."""
        found: dict[str, str] = {}
        for host in plan.hosts:
            for symbol, key in ((host.public_address, None), (host.private_address, "ipv4AddressPrivate")):
                if isinstance(symbol, Symbol):
                    found[symbol.name] = self._address_of(host.name, key)
        return found

    def _address_of(self, host: str, key: str | None) -> str:
        for one in self._stack.resources:
            output = key or PUBLIC.get(one.type)
            if one.name == host and output and (value := self.outputs[one.urn].get(output)):
                return str(value)
        raise CannotJudge(f"{host} has no address in this stack")


def world(stack: Stack, plan: Plan) -> tuple[World, dict[str, str]]:
    """The fleet as the proofs see it, and the addresses that providers chose or that stand for them.

    Raises:
        CannotJudge: When something is registered that the proofs do not model.
        UnknownValueError: When an unknown value is linked to nothing that tells what it will be.
    """
    stand_ins = StandIns(stack, plan)
    addresses = stand_ins.addresses(plan)
    resources = [
        Resource(
            urn=one.urn,
            type=one.type,
            name=one.name,
            inputs=stand_ins.inputs(one),
            outputs=stand_ins.outputs[one.urn],
        )
        for one in stack.resources
        # What the pack knows nothing about is stopped by fleet-known-types, or was let in by who looked at it.
        if one.type in KNOWN and not one.type.startswith(FRAME)
    ]
    try:
        return read_world(resources, facts(plan), host_files(plan, addresses)), addresses
    except ReadingError as error:
        raise CannotJudge(f"nothing is proved: {error}") from None


def _known(values: Mapping[str, Any], *, keep: bool = False) -> dict[str, Any]:
    """A plain copy. What is unknown is left out, or kept as the SDK's mark of it."""
    found: dict[str, Any] = {}
    for name in values:
        try:
            found[name] = _copy(values[name], keep=keep)
        except UnknownValueError:
            if keep:
                found[name] = UNKNOWN_STRING_VALUE
    return found


def _copy(value: Any, *, keep: bool) -> Any:
    if isinstance(value, Mapping):
        return _known(cast("Mapping[str, Any]", value), keep=keep)
    if isinstance(value, str) or not hasattr(value, "__len__"):
        return value
    entries: list[Any] = []
    for index in range(len(value)):
        try:
            entries.append(_copy(value[index], keep=keep))
        except UnknownValueError:
            if keep:
                entries.append(UNKNOWN_STRING_VALUE)
    return entries
