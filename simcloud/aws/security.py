"""Security groups and their rules (internal/service/ec2/vpc_*security_group*.go; see data/aws.json)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from simcloud.aws.account import arn, in_use, new_id, require
from simcloud.aws.common import AwsModel, check_block
from simcloud.aws.rules import (
    ALL,
    RULE_TYPES,
    SOURCES,
    WITHOUT_PORTS,
    check_inline,
    groups_naming,
    inline_rules,
    is_protocol,
    protocol_name,
    refuse_rules,
    require_group,
    rule_of_resource,
    rules_in,
)
from simcloud.aws.tokens import (
    DEFAULT_SECURITY_GROUP,
    EGRESS_RULE,
    INGRESS_RULE,
    NETWORK_INTERFACE,
    SECURITY_GROUP,
    VPC,
)
from simcloud.core.check import Failure
from simcloud.core.errors import CloudError
from simcloud.core.model import Autoname, Call, Created, Decision, Properties, Question
from simcloud.core.naming import name_of
from simcloud.core.values import known
from simcloud.ledger import Record

DESCRIPTION = re.compile(r"^[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]+$")


def refuse_mixture(call: Call, group: Record, inputs: Mapping[str, Any]) -> None:
    """Inline rules and rule resources on one group remove each other at every update, so they are refused."""
    for direction, kind in RULE_TYPES.items():
        if inputs.get(direction) and call.find(kind, securityGroupId=group.id):
            raise CloudError(
                "InvalidParameterCombination",
                f"{group.id} has {direction} rule resources, which its inline rules would remove",
                "use inline rules or rule resources, not both",
            )


class SecurityGroup(AwsModel):
    """A security group, with inline rules or for rule resources, never both."""

    token = SECURITY_GROUP
    autoname = Autoname(255)

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        for name in ("name", "namePrefix"):
            if (known(inputs, name) or "").startswith("sg-"):
                yield Failure(name, "must not begin with sg-: choose another")
        if inputs.get("description") == "":
            yield Failure("description", "must not be empty: say what the group is for, or leave it out")
        yield from check_inline(inputs)

    def same(self, prop: str, old: Any, new: Any) -> bool:
        """Names and numbers of one protocol are equal."""
        return prop.endswith(".protocol") and protocol_name(old) == protocol_name(new)

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create; the provider revokes the allow-all egress rule that AWS adds."""
        if not inputs.get("vpcId"):
            raise CloudError("VPCIdNotSpecified", "No default VPC for this user", "set vpcId")
        vpc = require(call, VPC, inputs["vpcId"], "InvalidVpcID.NotFound", "vpc ID")
        name = name_of(call, inputs)
        self._refuse_name(call, vpc, name)
        if not DESCRIPTION.match(inputs["description"]):
            raise CloudError(
                "InvalidParameterValue",
                "Character sets beyond letters, digits, spaces and ._-:/()#,@[]+=&;{}!$* are not supported",
                "write the description with those",
            )
        group_id = new_id(call, "sg")
        outputs = {
            "arn": arn(call, "ec2", f"security-group/{group_id}"),
            "name": name,
            "ownerId": call.account,
            "vpcId": vpc.id,
        }
        return Created(group_id, outputs)

    def created(self, call: Call, record: Record) -> None:
        """See Model.created."""
        self._refuse_rules(call, record, dict(record.inputs))

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update; inline rules are authorized and revoked in place."""
        refuse_mixture(call, record, inputs)
        self._refuse_rules(call, record, inputs)
        return {}

    def delete(self, call: Call, record: Record) -> bool:
        """See Model.delete; the group's own rules go with it, rules of others that name it keep it."""
        users = call.find(NETWORK_INTERFACE)
        users = [user for user in users if record.id in user.outputs["securityGroups"]]
        naming = groups_naming(call, record.id)
        if naming and record.outputs.get("revokeRulesOnDelete"):
            self._revoke(call, record.id, naming)
            naming = []
        if users or naming:
            raise in_use("DependencyViolation", f"resource {record.id}", users + naming)
        for kind in RULE_TYPES.values():
            for rule in call.find(kind, securityGroupId=record.id):
                call.remove(rule)
        return True

    def _refuse_name(self, call: Call, vpc: Record, name: str) -> None:
        if name == "default":
            raise CloudError("InvalidGroup.Reserved", "The security group 'default' is reserved", "choose another name")
        if call.find(SECURITY_GROUP, vpcId=vpc.id, name=name):
            raise CloudError(
                "InvalidGroup.Duplicate",
                f"The security group '{name}' already exists for VPC '{vpc.id}'",
                "give it a name of its own; a replacement with a fixed name needs delete_before_replace",
            )

    def _refuse_rules(self, call: Call, record: Record, inputs: Properties) -> None:
        for direction in RULE_TYPES:
            refuse_rules(call, record, inline_rules(inputs.get(direction, []), record.id), [])

    def _revoke(self, call: Call, group_id: str, naming: list[Record]) -> None:
        for user in naming:
            if user.type in RULE_TYPES.values():
                call.remove(user)
                continue
            outputs = dict(user.outputs)
            for direction in RULE_TYPES:
                outputs[direction] = [
                    {
                        **block,
                        "securityGroups": [other for other in block.get("securityGroups", []) if other != group_id],
                    }
                    for block in outputs.get(direction, [])
                ]
            call.change(user, outputs=outputs)


class DefaultSecurityGroup(AwsModel):
    """The adoption of a VPC's default group: all its rules are revoked, then the configured ones are added."""

    token = DEFAULT_SECURITY_GROUP

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        yield from check_inline(inputs)

    def same(self, prop: str, old: Any, new: Any) -> bool:
        """Names and numbers of one protocol are equal."""
        return prop.endswith(".protocol") and protocol_name(old) == protocol_name(new)

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create; an older adoption, by this stack or another, is taken over without a word, as at AWS."""
        if not inputs.get("vpcId"):
            raise CloudError("VPCIdNotSpecified", "No default VPC for this user", "set vpcId")
        vpc = require(call, VPC, inputs["vpcId"], "InvalidVpcID.NotFound", "vpc ID")
        group = require_group(call, vpc.outputs["defaultSecurityGroupId"])
        older = call.get(DEFAULT_SECURITY_GROUP, group.id)
        if older:
            call.remove(older)
        call.change(group, outputs={**group.outputs, "ingress": [], "egress": []})
        outputs = {
            "arn": arn(call, "ec2", f"security-group/{group.id}"),
            "description": group.outputs["description"],
            "name": group.outputs["name"],
            "namePrefix": "",
            "ownerId": call.account,
        }
        return Created(group.id, outputs)

    def created(self, call: Call, record: Record) -> None:
        """See Model.created."""
        self._refuse_rules(call, record, dict(record.inputs))

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update."""
        self._refuse_rules(call, record, inputs)
        return {}

    def _refuse_rules(self, call: Call, record: Record, inputs: Properties) -> None:
        refuse_mixture(call, record, inputs)
        for direction in RULE_TYPES:
            refuse_rules(call, record, inline_rules(inputs.get(direction, []), record.id), [])


def kind_of_source_changes(asked: Question) -> bool:
    """Whether another of the four source properties becomes the one that is set, which replaces a rule."""
    return [name for name in SOURCES if asked.olds.get(name)] != [name for name in SOURCES if asked.news.get(name)]


class SecurityGroupRule(AwsModel):
    """A rule resource of one direction. Prefix lists and groups of other accounts are not modelled."""

    direction: str
    unsupported = frozenset({"prefixListId"})
    decisions: ClassVar[Mapping[str, Decision]] = dict.fromkeys(
        ("cidrIpv4", "cidrIpv6", "referencedSecurityGroupId"), kind_of_source_changes
    )

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        yield from check_block(inputs, "cidrIpv4", 4)
        yield from check_block(inputs, "cidrIpv6", 6)
        protocol = known(inputs, "ipProtocol")
        if protocol is None:
            return
        if not is_protocol(protocol):
            yield Failure("ipProtocol", f"{protocol!r} is not a protocol: use tcp, udp, icmp, a number or -1")
        for name in ("fromPort", "toPort"):
            if protocol_name(protocol) == ALL and name in inputs:
                yield Failure(name, "must not be set with ipProtocol -1, which has no ports: remove it")
            if protocol_name(protocol) not in WITHOUT_PORTS and name not in inputs:
                yield Failure(name, f"is needed with ipProtocol {protocol}: set it")

    def same(self, prop: str, old: Any, new: Any) -> bool:
        """Names and numbers of one protocol are equal, and spellings of one IPv6 block."""
        if not isinstance(old, str) or not isinstance(new, str):
            return False
        if prop == "cidrIpv6":
            return ipaddress.ip_network(old) == ipaddress.ip_network(new)
        return prop == "ipProtocol" and protocol_name(old) == protocol_name(new)

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        self._refuse(call, inputs)
        rule_id = new_id(call, "sgr")
        return Created(
            rule_id, {"arn": arn(call, "ec2", f"security-group-rule/{rule_id}"), "securityGroupRuleId": rule_id}
        )

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update; ModifySecurityGroupRules keeps the id."""
        self._refuse(call, inputs, without=record.id)
        return {}

    def _refuse(self, call: Call, inputs: Properties, without: str = "") -> None:
        group = require_group(call, inputs["securityGroupId"])
        adoption = call.get(DEFAULT_SECURITY_GROUP, group.id)
        if group.inputs.get(self.direction) or (adoption and adoption.inputs.get(self.direction)):
            raise CloudError(
                "InvalidParameterCombination",
                f"{group.id} has inline {self.direction} rules, which would remove this one",
                "use inline rules or rule resources, not both",
            )
        rule = rule_of_resource(inputs)
        if rule.protocol in ("tcp", "udp") and rule.from_port > rule.to_port:
            raise CloudError(
                "InvalidParameterValue",
                f"Invalid TCP/UDP port range ({rule.from_port}:{rule.to_port})",
                "let fromPort be at most toPort",
            )
        refuse_rules(call, group, [rule], rules_in(call, group.id, self.direction, without=without))


class IngressRule(SecurityGroupRule):
    """A rule for what comes in."""

    token = INGRESS_RULE
    direction = "ingress"


class EgressRule(SecurityGroupRule):
    """A rule for what goes out."""

    token = EGRESS_RULE
    direction = "egress"
