"""The functions that list resources by tag and filter, and those that get one.

Sources: data/aws.json, `invokes`. What is deleted is gone at once here, where AWS goes on listing terminated instances
and deleted NAT gateways for an hour; a key that waits for its deletion is listed in both. New resources are listed at
once, where AWS may take a moment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from simcloud.aws import tokens
from simcloud.aws.filters import Seen, chosen
from simcloud.aws.interfaces import interface_with, require_interface
from simcloud.core.errors import CloudError
from simcloud.core.model import Call, Properties
from simcloud.ledger import Record

STATES = ("pending", "running", "shutting-down", "terminated", "stopping", "stopped")


@dataclass(frozen=True)
class Listing:
    """A describe call: what it sees, the filters it has, and the output that holds the ids."""

    see: Callable[[Call], Iterator[Seen]]
    filters: frozenset[str]
    output: str = "ids"

    def ids(self, call: Call, args: Properties, tags: str = "tags") -> list[str]:
        """The ids of what the arguments let through, in the order of creation."""
        found = chosen(self.see(call), self.filters, args.get("filters", []), args.get(tags, {}))
        return [one.id for one in found]

    def __call__(self, call: Call, args: Properties) -> Properties:
        """The function's answer: its arguments, the region for an id, and what was found; nothing is no error."""
        return {**args, "id": call.region, "region": call.region, self.output: self.ids(call, args)}


def get_instances(call: Call, args: Properties) -> Properties:
    """Instances; without `instanceStateNames` those that run (ec2_instances_data_source.go)."""
    states = args.get("instanceStateNames") or ["running"]
    for state in states:
        if state not in STATES:
            raise CloudError("InvalidParameterValue", f"{state!r} is no state", f"use one of {', '.join(STATES)}")
    by_state = {"name": "instance-state-name", "values": states}
    ids = INSTANCES.ids(call, {**args, "filters": [by_state, *args.get("filters", [])]}, tags="instanceTags")
    found = [record.outputs for record in call.find(tokens.INSTANCE) if record.id in ids]
    # An elastic address belongs to the interface, and no change of the instance tells of it.
    interfaces = [require_interface(call, outputs["primaryNetworkInterfaceId"]).outputs for outputs in found]
    return {
        **args,
        "id": call.region,
        "region": call.region,
        "ids": ids,
        "ipv6Addresses": [],
        "privateIps": [at["privateIp"] for at in interfaces],
        "publicIps": [at["publicIp"] for at in interfaces if at["publicIp"]],
    }


def get_eips(call: Call, args: Properties) -> Properties:
    """Elastic addresses and their allocation ids."""
    answer = EIPS(call, args)
    ids = answer["allocationIds"]
    return {**answer, "publicIps": [eip.outputs["publicIp"] for eip in call.find(tokens.EIP) if eip.id in ids]}


def get_security_groups(call: Call, args: Properties) -> Properties:
    """Security groups, their ARNs and VPCs."""
    answer = GROUPS(call, args)
    groups = [group for group in call.find(tokens.SECURITY_GROUP) if group.id in answer["ids"]]
    arns = [f"arn:aws:ec2:{call.region}:{call.account}:security-group/{group.id}" for group in groups]
    return {**answer, "arns": arns, "vpcIds": [group.outputs["vpcId"] for group in groups]}


def get_elastic_ip(call: Call, args: Properties) -> Properties:
    """One elastic address by id, public address, tags or filters, with what it is associated with."""
    asked = {"allocation-id": args.get("id"), "public-ip": args.get("publicIp")}
    filters = [{"name": name, "values": [value]} for name, value in asked.items() if value]
    ids = EIPS.ids(call, {**args, "filters": [*filters, *args.get("filters", [])]})
    eip = _one([record for record in call.find(tokens.EIP) if record.id in ids], "EC2 EIP")
    interface = interface_with(call, eip.id)
    at = interface.outputs if interface else {}
    same = ("arn", "carrierIp", "customerOwnedIp", "domain", "ptrRecord", "publicIp")
    return {
        **{name: eip.outputs[name] for name in same},
        "associationId": at.get("associationId", ""),
        "customerOwnedIpv4Pool": "",
        "id": eip.id,
        "instanceId": at.get("instanceId", ""),
        "ipamPoolId": "",
        "networkInterfaceId": at.get("id", ""),
        "networkInterfaceOwnerId": call.account if at else "",
        "privateDns": eip.outputs["privateDns"],
        "privateIp": at.get("privateIp", ""),
        "publicDns": eip.outputs["publicDns"],
        "publicIpv4Pool": eip.outputs["publicIpv4Pool"],
        "region": call.region,
        "tags": _tags(eip),
    }


def get_security_group_rule(call: Call, args: Properties) -> Properties:
    """One rule, by its id or by filters."""
    asked = args.get("securityGroupRuleId")
    filters = [{"name": "security-group-rule-id", "values": [asked]}] if asked else []
    ids = RULES.ids(call, {"filters": [*filters, *args.get("filters", [])]})
    rule = _one([record for record in _rules(call) if record.id in ids], "Security Group Rule")
    shown = ("cidrIpv4", "cidrIpv6", "description", "prefixListId", "referencedSecurityGroupId")
    ports = {name: rule.outputs.get(name, -1) for name in ("fromPort", "toPort")}
    return {
        **{name: rule.outputs[name] for name in shown if rule.outputs.get(name)},
        **ports,
        "arn": rule.outputs["arn"],
        "id": rule.id,
        "ipProtocol": rule.outputs["ipProtocol"],
        "isEgress": rule.type == tokens.EGRESS_RULE,
        "region": call.region,
        "securityGroupId": rule.outputs["securityGroupId"],
        "securityGroupRuleId": rule.id,
        "tags": _tags(rule),
    }


def get_resources(call: Call, args: Properties) -> Properties:
    """What has tags and an ARN, by the tagging API. IAM's roles are left out, since it does not list them."""
    if args.get("excludeCompliantResources") or args.get("includeComplianceDetails"):
        raise CloudError("InvalidParameterException", "tag policies are not simulated", "leave their arguments out")
    kinds, arns = args.get("resourceTypeFilters", []), args.get("resourceArnLists", [])
    found = [
        record
        for record in call.transaction.records(call.provider, call.region)
        if record.outputs.get("arn")
        and _tags(record)
        and (not kinds or any(_is_kind(record.outputs["arn"], kind) for kind in kinds))
        and (not arns or record.outputs["arn"] in arns)
        and all(_has(record, entry) for entry in args.get("tagFilters", []))
    ]
    mappings = [{"resourceArn": one.outputs["arn"], "tags": _tags(one), "complianceDetails": []} for one in found]
    return {**args, "id": "aws", "region": call.region, "resourceTagMappingLists": mappings}


def _is_kind(arn: str, kind: str) -> bool:
    """Whether an ARN is of `service` or `service:type`."""
    service, rest = arn.split(":", 5)[2], arn.split(":", 5)[5]
    return kind in (service, f"{service}:{re.split('[:/]', rest, maxsplit=1)[0]}")


def _has(record: Record, entry: Mapping[str, object]) -> bool:
    """A tag filter: the key is there, with one of the values if there are any. No wildcards."""
    value, values = _tags(record).get(str(entry["key"])), entry.get("values")
    return value is not None and (not values or value in values)  # type: ignore[operator]


def _one(found: list[Record], what: str) -> Record:
    """The only one; the words of the Terraform provider otherwise (tfresource.SingularDataSourceFindError)."""
    if not found:
        raise CloudError("NotFound", f"no matching {what} found", "change the search")
    if len(found) > 1:
        constraints = f"use additional constraints to reduce matches to a single {what}"
        raise CloudError("TooManyResults", f"multiple {what}s matched; {constraints}", "narrow the search")
    return found[0]


def _tags(record: Record) -> dict[str, str]:
    return dict(record.outputs.get("tagsAll") or {})


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _by(type_: str, names: Mapping[str, str]) -> Callable[[Call], Iterator[Seen]]:
    """The records of a type; `names` are outputs by the filters that compare them."""

    def see(call: Call) -> Iterator[Seen]:
        for record in call.find(type_):
            values = {name: record.outputs.get(output) for name, output in names.items()}
            facts = {name: [_text(value)] for name, value in values.items() if value not in (None, "")}
            yield Seen(record.id, _tags(record), facts)

    return see


def _listing(type_: str, names: Mapping[str, str], output: str = "ids") -> Listing:
    return Listing(_by(type_, names), frozenset(names), output)


def _gateways(call: Call) -> Iterator[Seen]:
    for seen in _by(tokens.NAT_GATEWAY, {"nat-gateway-id": "id", "subnet-id": "subnetId", "vpc-id": "vpcId"})(call):
        yield Seen(seen.id, seen.tags, {**seen.facts, "state": ["available"]})


def get_nat_gateways(call: Call, args: Properties) -> Properties:
    """NAT gateways, of a VPC if one is named."""
    in_vpc = [{"name": "vpc-id", "values": [args["vpcId"]]}] if args.get("vpcId") else []
    ids = GATEWAYS.ids(call, {**args, "filters": [*in_vpc, *args.get("filters", [])]})
    return {**args, "id": call.region, "region": call.region, "ids": ids}


def get_route_tables(call: Call, args: Properties) -> Properties:
    """Route tables, the VPCs' main ones among them."""
    in_vpc = [{"name": "vpc-id", "values": [args["vpcId"]]}] if args.get("vpcId") else []
    ids = TABLES.ids(call, {**args, "filters": [*in_vpc, *args.get("filters", [])]})
    return {**args, "id": call.region, "region": call.region, "ids": ids}


def _groups(call: Call) -> Iterator[Seen]:
    """All groups. The tags of a VPC's default group are those of the resource that adopted it."""
    names = {"group-id": "id", "group-name": "name", "vpc-id": "vpcId", "description": "description"}
    for seen in _by(tokens.SECURITY_GROUP, names)(call):
        adoption = call.get(tokens.DEFAULT_SECURITY_GROUP, seen.id)
        yield Seen(seen.id, _tags(adoption) if adoption else seen.tags, seen.facts)


def _rules(call: Call) -> list[Record]:
    return [*call.find(tokens.INGRESS_RULE), *call.find(tokens.EGRESS_RULE)]


def _seen_rules(call: Call) -> Iterator[Seen]:
    """Rules that are resources; inline rules have no ids here."""
    for rule in _rules(call):
        facts = {"group-id": [rule.outputs["securityGroupId"]], "security-group-rule-id": [rule.id]}
        yield Seen(rule.id, _tags(rule), facts)


def _volumes(call: Call) -> Iterator[Seen]:
    """Volumes, also the root volumes, which are part of their instance."""
    names = {"volume-id": "id", "availability-zone": "availabilityZone", "encrypted": "encrypted"}
    more = {"size": "size", "volume-type": "type"}
    for seen in _by(tokens.VOLUME, {**names, **more})(call):
        there = [record.outputs for record in call.find(tokens.VOLUME_ATTACHMENT, volumeId=seen.id)]
        attached = {
            "attachment.device": [one["deviceName"] for one in there],
            "attachment.instance-id": [one["instanceId"] for one in there],
            "attachment.delete-on-termination": ["false" for _ in there],
        }
        yield Seen(seen.id, seen.tags, {**seen.facts, **attached, "status": ["in-use" if there else "available"]})
    for instance in call.find(tokens.INSTANCE):
        root = instance.outputs["rootBlockDevice"]
        yield Seen(
            root["volumeId"],
            dict(root.get("tagsAll") or instance.outputs.get("volumeTags") or {}),
            {
                "volume-id": [root["volumeId"]],
                "availability-zone": [instance.outputs["availabilityZone"]],
                "encrypted": [_text(root["encrypted"])],
                "size": [_text(root["volumeSize"])],
                "volume-type": [root["volumeType"]],
                "attachment.device": [root["deviceName"]],
                "attachment.instance-id": [instance.id],
                "attachment.delete-on-termination": [_text(root.get("deleteOnTermination", True))],
                "status": ["in-use"],
            },
        )


INSTANCES = _listing(
    tokens.INSTANCE,
    {
        "instance-id": "id",
        "instance-state-name": "instanceState",
        "image-id": "ami",
        "instance-type": "instanceType",
        "availability-zone": "availabilityZone",
        "subnet-id": "subnetId",
        "private-ip-address": "privateIp",
    },
)
EIPS = _listing(
    tokens.EIP, {"allocation-id": "id", "public-ip": "publicIp", "domain": "domain"}, output="allocationIds"
)
GROUPS = Listing(_groups, frozenset({"group-id", "group-name", "vpc-id", "description"}))
RULES = Listing(_seen_rules, frozenset({"group-id", "security-group-rule-id"}))
GATEWAYS = Listing(_gateways, frozenset({"nat-gateway-id", "subnet-id", "vpc-id", "state"}))
TABLES = _listing(tokens.ROUTE_TABLE, {"route-table-id": "id", "vpc-id": "vpcId"})
VPCS = _listing(tokens.VPC, {"vpc-id": "id", "cidr": "cidrBlock"})
SUBNETS = _listing(
    tokens.SUBNET,
    {"subnet-id": "id", "vpc-id": "vpcId", "cidr-block": "cidrBlock", "availability-zone": "availabilityZone"},
)
VOLUMES = Listing(
    _volumes,
    frozenset(
        {
            "volume-id",
            "availability-zone",
            "encrypted",
            "size",
            "volume-type",
            "status",
            "attachment.device",
            "attachment.instance-id",
            "attachment.delete-on-termination",
        }
    ),
)
