"""Ids of lost AWS resources: by tag where AWS tags, else from what the resource consists of.

Ids are those that `pulumi import` takes (the Import section of each resource's page), which differ from the ones in the
state for routes, route table associations and volume attachments. The describe functions of each service are preferred
to the Resource Groups Tagging API, which still lists what is deleted (AWS, GetResources: resources "that are tagged or
were previously tagged") and learns late what is new. Where it is asked all the same, a deleted resource shows when its
import reads nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ops.recover.lookups.base import (
    Lookup,
    NotYetError,
    Outcome,
    Properties,
    Question,
    Verdict,
    Wanted,
    ask,
    follows,
    need,
    only,
    undecided,
)

IDENTIFYING: Final = ("Name", "redoubt:fleet", "redoubt:stack")
"""The tags that say whose a resource is. The others may have changed since: a site can be renamed."""
ALIVE: Final = ["pending", "running", "stopping", "stopped"]
"""States of an instance that is not gone. getInstances looks for `running` alone unless told."""
GATEWAY_STANDS: Final = ["pending", "available"]
"""A NAT gateway that is deleted, or failed, is listed for an hour (VPC user guide, NAT gateways)."""
KEY_GONE: Final = {"PendingDeletion", "PendingReplicaDeletion"}
GET_RESOURCES: Final = "aws:resourcegroupstaggingapi/getResources:getResources"
GET_GROUPS: Final = "aws:ec2/getSecurityGroups:getSecurityGroups"
GET_RULES: Final = "aws:vpc/getSecurityGroupRules:getSecurityGroupRules"
GET_RULE: Final = "aws:vpc/getSecurityGroupRule:getSecurityGroupRule"
GET_VOLUMES: Final = "aws:ebs/getEbsVolumes:getEbsVolumes"
GET_KEY: Final = "aws:kms/getKey:getKey"
GET_ADDRESS: Final = "aws:ec2/getElasticIp:getElasticIp"

PEERS: Final = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
PORTS: Final = ("fromPort", "toPort")


def _tags(wanted: Wanted) -> dict[str, str]:
    """The tags to look for. A resource without them is not one of ours."""
    tags = need(wanted, "tags")
    missing = [key for key in IDENTIFYING if key not in tags]
    if missing:
        raise NotYetError(*(f"tags.{key}" for key in missing))
    return {key: tags[key] for key in IDENTIFYING}


def _region(wanted: Wanted) -> dict[str, str]:
    """The resource's own region, where it has another than its provider."""
    region = wanted.inputs.get("region")
    return {"region": region} if region and region != wanted.provider_inputs.get("region") else {}


def _filters(pairs: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    return [{"name": name, "values": list(values)} for name, values in pairs.items()]


def _by_tag(wanted: Wanted) -> dict[str, Sequence[str]]:
    return {f"tag:{key}": [value] for key, value in _tags(wanted).items()}


def _by_hand(what: str, wanted: Wanted) -> str:
    name = _tags(wanted)["Name"]
    return f"run `aws ec2 {what} --filters Name=tag:Name,Values={name}` in the site's region"


def _described(
    token: str,
    by_hand: str,
    *,
    output: str = "ids",
    inputs: Mapping[str, str] | None = None,
    states: Mapping[str, Sequence[str]] | None = None,
    **args: Any,
) -> Lookup:
    """By tag with a describe function; `inputs` are filters by the input that each compares."""

    def lookup(wanted: Wanted) -> Outcome:
        same = {filter_: [str(need(wanted, name))] for filter_, name in (inputs or {}).items()}
        filters = _filters({**_by_tag(wanted), **same, **(states or {})})
        question = Question(token, {"filters": filters, **_region(wanted), **args})
        how, remedy = f"by its tags with {_short(token)}", _by_hand(by_hand, wanted)
        return ask([question], how, remedy, lambda found: only(wanted, found[0].get(output) or [], how, remedy))

    return lookup


def _listed(found: Properties) -> list[str]:
    """The ids of an answer; an empty list may be left out of it."""
    return found.get("ids") or []


def _short(token: str) -> str:
    return token.rpartition(":")[2]


def _tagged(kind: str) -> Lookup:
    """By tag with the tagging API, for types that no describe function lists. `kind` as in its resourceTypeFilters."""

    def lookup(wanted: Wanted) -> Outcome:
        how, remedy = "by its tags with getResources", _tagging_by_hand(kind, wanted)
        return ask([_tagging(kind, wanted)], how, remedy, lambda found: only(wanted, _ids(found[0]), how, remedy))

    return lookup


def _tagging(kind: str, wanted: Wanted) -> Question:
    tags = [{"key": key, "values": [value]} for key, value in _tags(wanted).items()]
    return Question(GET_RESOURCES, {"resourceTypeFilters": [kind], "tagFilters": tags, **_region(wanted)})


def _tagging_by_hand(kind: str, wanted: Wanted) -> str:
    tag = f"Key=Name,Values={_tags(wanted)['Name']}"
    return f"run `aws resourcegroupstaggingapi get-resources --resource-type-filters {kind} --tag-filters {tag}`"


def _ids(found: Properties) -> list[str]:
    """What stands after the kind in `arn:aws:ec2:REGION:ACCOUNT:internet-gateway/igw-1`."""
    return [one["resourceArn"].rpartition("/")[2] for one in found.get("resourceTagMappingLists") or []]


def _everything(wanted: Wanted) -> Outcome:
    """ARNs of all that carries the fleet's and the stack's tags; what was deleted lately is still among them."""
    tags = {"redoubt:fleet": wanted.fleet, "redoubt:stack": wanted.stack}
    filters = [{"key": key, "values": [value]} for key, value in tags.items()]
    shown = " ".join(f"Key={key},Values={value}" for key, value in tags.items())
    how, remedy = "by tag with getResources", f"run `aws resourcegroupstaggingapi get-resources --tag-filters {shown}`"

    def judge(found: Sequence[Properties]) -> Verdict:
        listed = found[0].get("resourceTagMappingLists") or []
        return Verdict(ids=tuple(str(one["resourceArn"]) for one in listed), how=how)

    return ask([Question(GET_RESOURCES, {"tagFilters": filters})], how, remedy, judge)


def _key(wanted: Wanted) -> Outcome:
    """A key. One that waits for its deletion keeps its tags, for a month, and is as good as gone."""
    how, remedy = "by its tags with getResources and its state with getKey", _tagging_by_hand("kms:key", wanted)

    def states(found: Sequence[Properties]) -> Outcome:
        ids = _ids(found[0])
        questions = [Question(GET_KEY, {"keyId": id_, **_region(wanted)}) for id_ in ids]
        return ask(questions, how, remedy, lambda keys: only(wanted, _standing(ids, keys), how, remedy))

    return ask([_tagging("kms:key", wanted)], how, remedy, states)


def _standing(ids: Sequence[str], keys: Sequence[Properties]) -> list[str]:
    return [id_ for id_, key in zip(ids, keys, strict=True) if key["keyState"] not in KEY_GONE]


def _volume(wanted: Wanted) -> Outcome:
    """A data volume. A host's root volume has the same tags, but goes with its instance, and a data volume does not."""
    how, remedy = "by its tags with getEbsVolumes", _by_hand("describe-volumes", wanted)
    pairs = {**_by_tag(wanted), "status": ["creating", "available", "in-use"]}
    every = Question(GET_VOLUMES, {"filters": _filters(pairs), **_region(wanted)})
    roots = {**pairs, "attachment.delete-on-termination": ["true"]}
    going = Question(GET_VOLUMES, {"filters": _filters(roots), **_region(wanted)})
    return ask(
        [every, going],
        how,
        remedy,
        lambda found: only(wanted, [id_ for id_ in _listed(found[0]) if id_ not in _listed(found[1])], how, remedy),
    )


def _rule(*, egress: bool) -> Lookup:
    """A rule of a security group: all rules of a group have the group's tags, so each one's content decides."""

    def lookup(wanted: Wanted) -> Outcome:
        group = need(wanted, "securityGroupId")
        if not any(wanted.inputs.get(name) for name in PEERS):
            raise NotYetError(*(name for name in PEERS))
        remedy = f"run `aws ec2 describe-security-group-rules --filters Name=group-id,Values={group}`"
        how = "by its group, tags and content with getSecurityGroupRules and getSecurityGroupRule"
        filters = _filters({"group-id": [group], **_by_tag(wanted)})

        def contents(found: Sequence[Properties]) -> Outcome:
            questions = [
                Question(GET_RULE, {"securityGroupRuleId": id_, **_region(wanted)}) for id_ in _listed(found[0])
            ]
            return ask(questions, how, remedy, lambda rules: only(wanted, _same(wanted, egress, rules), how, remedy))

        return ask([Question(GET_RULES, {"filters": filters, **_region(wanted)})], how, remedy, contents)

    return lookup


def _same(wanted: Wanted, egress: bool, rules: Sequence[Properties]) -> list[str]:
    """The ids of the rules that let through what the wanted one does."""
    return [
        rule["id"]
        for rule in rules
        if rule["isEgress"] is egress
        and rule["ipProtocol"] == wanted.inputs.get("ipProtocol")
        and all(_peer(rule, name) == _peer(wanted.inputs, name) for name in PEERS)
        and all(rule.get(name) == wanted.inputs.get(name) for name in PORTS)
    ]


def _peer(rule: Properties, name: str) -> str:
    """A peer as text; another account's group is ACCOUNT/GROUP in an answer."""
    return (rule.get(name) or "").rpartition("/")[2] if name == "referencedSecurityGroupId" else rule.get(name) or ""


def _association(wanted: Wanted) -> Outcome:
    """What an elastic address is associated with at the moment."""
    allocation, instance = need(wanted, "allocationId"), need(wanted, "instanceId")
    how, remedy = "by its address with getElasticIp", f"run `aws ec2 describe-addresses --allocation-ids {allocation}`"

    def judge(found: Sequence[Properties]) -> Verdict:
        association, at = found[0].get("associationId") or "", found[0].get("instanceId") or ""
        if association and at != instance:
            return undecided(f"the address is associated with {at or 'no instance'}", remedy, how, [association])
        return only(wanted, [association] if association else [], how, remedy)

    return ask([Question(GET_ADDRESS, {"id": allocation, **_region(wanted)})], how, remedy, judge)


def _default_group(wanted: Wanted) -> Outcome:
    """Every VPC has exactly one; the resource adopts it."""
    vpc = need(wanted, "vpcId")
    how, remedy = "by its VPC with getSecurityGroups", f"run `aws ec2 describe-security-groups` for {vpc}"
    question = Question(GET_GROUPS, {"filters": _filters({"vpc-id": [vpc], "group-name": ["default"]})})
    return ask([question], how, remedy, lambda found: only(wanted, _listed(found[0]), how, remedy))


def _route(wanted: Wanted) -> Verdict:
    destinations = ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")
    destination = next((wanted.inputs[name] for name in destinations if wanted.inputs.get(name)), None)
    if destination is None:
        raise NotYetError(destinations[0])
    return follows(f"{need(wanted, 'routeTableId')}_{destination}")


def _attachment(wanted: Wanted) -> Verdict:
    return follows(f"{need(wanted, 'deviceName')}:{need(wanted, 'volumeId')}:{need(wanted, 'instanceId')}")


def _named(wanted: Wanted) -> Verdict:
    return follows(need(wanted, "name"))


LOOKUPS: Final[Mapping[str, Lookup]] = {
    "aws:redoubt/everything:Everything": _everything,
    "aws:ec2/vpc:Vpc": _described("aws:ec2/getVpcs:getVpcs", "describe-vpcs"),
    "aws:ec2/subnet:Subnet": _described(
        "aws:ec2/getSubnets:getSubnets",
        "describe-subnets",
        inputs={"vpc-id": "vpcId", "cidr-block": "cidrBlock"},
    ),
    "aws:ec2/internetGateway:InternetGateway": _tagged("ec2:internet-gateway"),
    "aws:ec2/natGateway:NatGateway": _described(
        "aws:ec2/getNatGateways:getNatGateways",
        "describe-nat-gateways",
        inputs={"subnet-id": "subnetId"},
        states={"state": GATEWAY_STANDS},
    ),
    "aws:ec2/eip:Eip": _described("aws:ec2/getEips:getEips", "describe-addresses", output="allocationIds"),
    "aws:ec2/eipAssociation:EipAssociation": _association,
    "aws:ec2/routeTable:RouteTable": _described(
        "aws:ec2/getRouteTables:getRouteTables", "describe-route-tables", inputs={"vpc-id": "vpcId"}
    ),
    "aws:ec2/route:Route": _route,
    "aws:ec2/routeTableAssociation:RouteTableAssociation": lambda wanted: follows(
        f"{need(wanted, 'subnetId')}/{need(wanted, 'routeTableId')}"
    ),
    "aws:ec2/securityGroup:SecurityGroup": _described(
        GET_GROUPS, "describe-security-groups", inputs={"vpc-id": "vpcId", "group-name": "name"}
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _rule(egress=False),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _rule(egress=True),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _default_group,
    "aws:ec2/instance:Instance": _described(
        "aws:ec2/getInstances:getInstances",
        "describe-instances",
        inputs={"subnet-id": "subnetId"},
        instanceStateNames=ALIVE,
    ),
    "aws:ebs/volume:Volume": _volume,
    "aws:ec2/volumeAttachment:VolumeAttachment": _attachment,
    "aws:kms/key:Key": _key,
    "aws:kms/alias:Alias": _named,
    "aws:ec2/flowLog:FlowLog": _tagged("ec2:vpc-flow-log"),
    "aws:cloudwatch/logGroup:LogGroup": _named,
    "aws:iam/role:Role": _named,
    "aws:iam/rolePolicy:RolePolicy": lambda wanted: follows(f"{need(wanted, 'role')}:{need(wanted, 'name')}"),
}
