"""Rules of security groups, in one form for inline rules and rule resources, so that both are compared and counted.

AWS keeps a rule for each source: an inline rule with three blocks is three rules (aws.json, SecurityGroup, checks).
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from simcloud.aws.account import require
from simcloud.aws.common import check_network
from simcloud.aws.tokens import DEFAULT_SECURITY_GROUP, EGRESS_RULE, INGRESS_RULE, SECURITY_GROUP
from simcloud.core.check import Failure
from simcloud.core.errors import CloudError
from simcloud.core.model import Call, Properties
from simcloud.core.values import UNKNOWN, has_unknown
from simcloud.ledger import Record

RULE_QUOTA = 60
ALL = "-1"
PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
WITHOUT_PORTS = {ALL, "icmpv6"}
"""Protocols that a rule may name without ports (aws.json, SecurityGroupIngressRule, fromPort)."""

SOURCES = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
RULE_TYPES = {"ingress": INGRESS_RULE, "egress": EGRESS_RULE}


class Rule(NamedTuple):
    """What makes a rule the same as another at AWS; a description does not."""

    protocol: str
    from_port: int
    to_port: int
    source: str


def protocol_name(protocol: Any) -> str:
    """One spelling of a protocol: a name in lower case where it has one."""
    text = str(protocol).lower()
    return PROTOCOLS.get(text, ALL if text == "all" else text)


def is_protocol(protocol: str) -> bool:
    """Whether AWS knows the protocol: a name it has, or a number from 0 to 255."""
    name = protocol_name(protocol)
    return name in {ALL, *PROTOCOLS.values()} or (name.isdigit() and int(name) <= 255)


def rule_of_resource(inputs: Mapping[str, Any]) -> Rule:
    """The rule that a rule resource stands for."""
    protocol = protocol_name(inputs["ipProtocol"])
    source = next(inputs[name] for name in SOURCES if inputs.get(name))
    no_port = -1 if protocol in WITHOUT_PORTS else 0
    return Rule(protocol, inputs.get("fromPort", no_port), inputs.get("toPort", no_port), _one_spelling(source))


def rules_of_inline(block: Mapping[str, Any], group_id: str) -> Iterator[Rule]:
    """The rules that one inline block stands for."""
    protocol = protocol_name(block["protocol"])
    ports = (-1, -1) if protocol == ALL else (block["fromPort"], block["toPort"])
    names = ("cidrBlocks", "ipv6CidrBlocks", "prefixListIds", "securityGroups")
    sources = [source for name in names for source in block.get(name, [])]
    for source in [*sources, *([group_id] if block.get("self") else [])]:
        yield Rule(protocol, *ports, _one_spelling(source))


def rules_in(call: Call, group_id: str, direction: str, *, without: str = "") -> list[Rule]:
    """All rules of a group in one direction; `without` is the id of a rule resource to leave out."""
    resources = [r for r in call.find(RULE_TYPES[direction], securityGroupId=group_id) if r.id != without]
    groups = [call.get(kind, group_id) for kind in (SECURITY_GROUP, DEFAULT_SECURITY_GROUP)]
    blocks = [block for group in groups if group for block in group.outputs.get(direction, [])]
    return [rule_of_resource(r.outputs) for r in resources] + inline_rules(blocks, group_id)


def inline_rules(blocks: Iterable[Mapping[str, Any]], group_id: str) -> list[Rule]:
    """The rules that the inline blocks of one direction stand for; the blocks are a set, so a repeated one is one."""
    distinct: list[Mapping[str, Any]] = []
    for block in blocks:
        if block not in distinct:
            distinct.append(block)
    return [rule for block in distinct for rule in rules_of_inline(block, group_id)]


def require_group(call: Call, group_id: str) -> Record:
    """The security group of that id, default groups included."""
    return require(call, SECURITY_GROUP, group_id, "InvalidGroup.NotFound", "security group")


def refuse_rules(call: Call, group: Record, rules: list[Rule], existing: list[Rule]) -> None:
    """Raise if AWS would not take these rules into a group that has the existing ones in the same direction."""
    for rule in rules:
        if rule.source.startswith("sg-"):
            _refuse_foreign_group(call, group, rule.source)
    twice = [rule for rule, times in Counter(rules).items() if times > 1 or rule in existing]
    if twice:
        raise CloudError(
            "InvalidPermission.Duplicate",
            f"the specified rule {_words(twice[0])} already exists in {group.id}",
            "declare each rule once",
        )
    quota = call.quota("rules-per-group", RULE_QUOTA)
    if len(rules) + len(existing) > quota:
        raise CloudError(
            "RulesPerSecurityGroupLimitExceeded",
            f"The maximum number of rules per security group ({quota}) has been reached in {group.id}",
            "merge blocks, or raise the quota and `python -m simcloud set quota.rules-per-group N`",
        )


def groups_naming(call: Call, group_id: str) -> list[Record]:
    """The records, rules or other groups, whose rules name a group."""
    rules = [r for kind in RULE_TYPES.values() for r in call.find(kind, referencedSecurityGroupId=group_id)]
    found = [rule for rule in rules if rule.outputs["securityGroupId"] != group_id]
    for kind in (SECURITY_GROUP, DEFAULT_SECURITY_GROUP):
        for group in call.find(kind):
            blocks = [b for direction in RULE_TYPES for b in group.outputs.get(direction, [])]
            if group.id != group_id and any(group_id in block.get("securityGroups", []) for block in blocks):
                found.append(group)
    return found


def check_inline(inputs: Properties) -> Iterator[Failure]:
    """The provider's check of the inline rules of both directions."""
    for direction in RULE_TYPES:
        blocks = inputs.get(direction, [])
        for index, block in enumerate([] if blocks is UNKNOWN else blocks):
            if not has_unknown(block):
                yield from _check_block(block, f"{direction}[{index}]")


def _check_block(block: Mapping[str, Any], path: str) -> Iterator[Failure]:
    if not is_protocol(block["protocol"]):
        yield Failure(
            f"{path}.protocol", f"{block['protocol']!r} is not a protocol: use tcp, udp, icmp, a number or -1"
        )
    if protocol_name(block["protocol"]) == ALL and (block["fromPort"], block["toPort"]) != (0, 0):
        yield Failure(f"{path}.fromPort", "must be 0 like toPort with protocol -1: set both to 0")
    for name, version in (("cidrBlocks", 4), ("ipv6CidrBlocks", 6)):
        for index, cidr in enumerate(block.get(name, [])):
            yield from check_network(cidr, version, f"{path}.{name}[{index}]")
    if block.get("prefixListIds"):
        yield Failure(f"{path}.prefixListIds", "is not simulated: name the blocks themselves")


def _refuse_foreign_group(call: Call, group: Record, source: str) -> None:
    other = require_group(call, source)
    if other.outputs["vpcId"] != group.outputs["vpcId"]:
        raise CloudError(
            "InvalidGroup.NotFound",
            f"You have specified two resources that belong to different networks: {group.id} and {source}",
            "name groups of the same VPC",
        )


def _one_spelling(source: str) -> str:
    return str(ipaddress.ip_network(source)) if "/" in source else source


def _words(rule: Rule) -> str:
    return f"peer: {rule.source}, {rule.protocol}, from port: {rule.from_port}, to port: {rule.to_port}"
