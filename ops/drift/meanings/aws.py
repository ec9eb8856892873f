"""What drift means on AWS.

`ingress` and `egress` of a security group are outputs of ours: the provider reads all rules of the group into them, also
those that somebody added beside ours (`resourceSecurityGroupRead` in internal/service/ec2/vpc_security_group.go of the
Terraform provider), and the engine calls the group `same`. So they are compared here with the rule resources. Routes of a
table are the same case.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from ops.drift.meanings import shared
from ops.drift.meanings.forms import UP, Case, Judge, TypeMeanings, always, by_hand, hold, investigate, meaning, weighed
from ops.drift.model import Meaning, fields, items

TRACES: Final = investigate("CloudTrail, event history of the site's region, and who holds its credentials")
INGRESS: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS: Final = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
ROUTE: Final = "aws:ec2/route:Route"
REVOKE: Final = by_hand("revoke the rule in the group; `up` leaves what it did not make")
CANCEL: Final = "cancel it within its window: `aws kms cancel-key-deletion`, then `aws kms enable-key`"

SOURCES: Final = ("cidrBlocks", "ipv6CidrBlocks", "securityGroups", "prefixListIds")

Rule = tuple[str, str, int, int]


def number(value: Any) -> int:
    """A port, -1 where there is none."""
    return int(value) if isinstance(value, int | float) else -1


def inline_rules(blocks: Any) -> Iterable[tuple[Rule, str]]:
    """The rules that a group's `ingress` or `egress` shows, each with its source."""
    for one in map(fields, items(blocks)):
        sources = [source for kind in SOURCES for source in items(one.get(kind))]
        if one.get("self"):
            sources.append("self")
        first, last = number(one.get("fromPort")), number(one.get("toPort"))
        for source in sources:
            yield _rule(one.get("protocol"), source, first, last), str(source)


def _rule(protocol: Any, source: Any, first: int, last: int) -> Rule:
    name = str(protocol).lower()
    return (name, str(source), -1, -1) if name == "-1" else (name, str(source), first, last)


def own_rules(case: Case, token: str) -> set[Rule]:
    """What our rule resources stand for in the group, as they are in the cloud."""
    found: set[Rule] = set()
    for rule in case.refresh.of_type(token):
        there = rule.new or {}
        if there.get("securityGroupId") != case.resource.id:
            continue
        source = there.get("cidrIpv4") or there.get("cidrIpv6") or there.get("referencedSecurityGroupId") or ""
        other = "self" if source == case.resource.id else source
        ports = number(there.get("fromPort")), number(there.get("toPort"))
        found |= {_rule(there.get("ipProtocol"), one, *ports) for one in {source, other}}
    return found


def foreign_rules(direction: str, token: str) -> Judge:
    """Rules in a group that no resource of ours stands for."""

    def decide(case: Case) -> Meaning | None:
        ours = own_rules(case, token)
        foreign = [(rule, source) for rule, source in inline_rules(case.new.get(direction)) if rule not in ours]
        if not foreign:
            return None
        what = ", ".join(dict.fromkeys(shared.service(rule[0], rule[2], rule[3]) for rule, _ in foreign))
        ranges = [source for _, source in foreign]
        say = shared.opened if direction == "ingress" else shared.let_out
        return say(case, ranges, what, TRACES, REVOKE)

    says = f"a rule beside ours in the group's {direction}: who it names can reach the group's hosts, or be reached by them"
    return weighed("exposure", says, decide, TRACES, REVOKE)


def rule_changed(say: Callable[..., Meaning]) -> Judge:
    """One of our rules has another peer or other ports."""

    def decide(case: Case) -> Meaning:
        old, new = case.old, case.new
        peers = [[one.get("cidrIpv4"), one.get("cidrIpv6")] for one in (old, new)]
        ranges = shared.beyond(*([value for value in side if value] for side in peers))
        what = shared.service(new.get("ipProtocol"), new.get("fromPort"), new.get("toPort"))
        if ranges:
            return say(case, ranges, what, TRACES, UP)
        ports = [(one.get("ipProtocol"), one.get("fromPort"), one.get("toPort")) for one in (old, new)]
        if ports[0] != ports[1]:
            return meaning(case, "exposure", "the rule {name} is now for {what}", TRACES, UP, what=what)
        return meaning(case, "uptime", "the rule {name} has another peer: the flow it was for is shut", TRACES, UP)

    says = "the rule {name} is wider, or for another peer: a stranger may reach {hosts}, or what should is shut out"
    return weighed("exposure", says, decide, TRACES, UP)


def rules(say: Callable[..., Meaning]) -> TypeMeanings:
    """A rule resource of either direction."""
    changed = rule_changed(say)
    names = ("cidrIpv4", "cidrIpv6", "referencedSecurityGroupId", "prefixListId", "ipProtocol", "fromPort", "toPort")
    return TypeMeanings(
        gone=always("uptime", "gone: the rule {name}; the flow of {hosts} that it was for is shut", TRACES, UP),
        changed={**dict.fromkeys(names, changed), **TAGS, "description": shared.tags_changed()},
        otherwise=changed,
    )


def route_beside(case: Case) -> Meaning | None:
    """A route in a table that no resource of ours stands for."""
    ours = {
        (one.new or {}).get("destinationCidrBlock")
        for one in case.refresh.of_type(ROUTE)
        if (one.new or {}).get("routeTableId") == case.resource.id
    }
    foreign = [one for one in map(fields, items(case.new.get("routes"))) if one.get("cidrBlock") not in ours]
    if not foreign:
        return None
    return meaning(
        case, "exposure", ROUTE_BESIDE, TRACES, by_hand("delete the route; `up` leaves what it did not make")
    )


def key_gone(case: Case) -> Meaning | None:
    """The key of the volumes, or that of the logs alone."""
    if case.resource.name.endswith("-logs"):
        says = "gone: the key of the logs of {site}; what was logged cannot be read, no host needs it"
        return meaning(case, "exposure", says, by_hand(CANCEL), TRACES, UP)
    return shared.key_gone(CANCEL, TRACES).judge(case)


ROUTE_BESIDE: Final = "a route beside ours in {name}: traffic of {site} takes a way that nobody planned"

TAGS: Final = {"tags": shared.tags_changed(), "tagsAll": shared.tags_changed()}
REBUILT: Final = always("uptime", "gone: {name}; what it connects in {site} stands still", TRACES, UP)
NETWORK_CHANGED: Final = always("exposure", "{name}: the network of {site} is not as planned", TRACES, UP)
LOGS_GONE: Final = always("exposure", "gone: {name}; nobody records who talks to whom in {site}", TRACES, UP)
LOGS_CHANGED: Final = always(
    "exposure", "{name}: the record of who talks to whom in {site} is not as planned", TRACES, UP
)

INSTANCE: Final = TypeMeanings(
    gone=shared.host_gone(TRACES),
    watched=frozenset({"instanceState"}),
    changed={
        **TAGS,
        "disableApiTermination": shared.lock_off("disableApiTermination"),
        "instanceType": shared.resized(),
        "instanceState": shared.stands_still("instanceState", "start it: `aws ec2 start-instances`"),
        "userData": always(
            "stake",
            "the first-boot script of {host} was changed: what stands there may run as root",
            *shared.root_by_metadata(TRACES),
        ),
        "ami": always(
            "stake",
            "{host} runs from another image than it was made from: it is not the host that was made",
            *shared.root_by_metadata(TRACES),
        ),
        "vpcSecurityGroupIds": always(
            "exposure", "{host} is in other security groups: other rules hold for it", TRACES, UP
        ),
        "iamInstanceProfile": always(
            "exposure", "{host} got rights in the account: whoever is on it has them", TRACES, UP
        ),
        "metadataOptions": always("exposure", "the metadata service of {host} is open wider than planned", TRACES, UP),
        "sourceDestCheck": always("exposure", "{host} may send with addresses of others, and route", TRACES, UP),
        "associatePublicIpAddress": always(
            "exposure",
            "{host} has a public address that the plan does not give it",
            hold("run no `pulumi up --refresh`: it would replace the host"),
            TRACES,
            by_hand("take the address off it: `aws ec2 disassociate-address`"),
        ),
        "instanceInitiatedShutdownBehavior": always("exposure", "a shutdown of {host} deletes it", TRACES, UP),
        "monitoring": always("housekeeping", "{host} is measured more coarsely", UP),
        "ebsOptimized": always("uptime", "{host} has a slower way to its volumes", UP),
    },
    otherwise=always("exposure", "{host} is not as planned", TRACES, UP),
)

TYPES: Final[Mapping[str, TypeMeanings]] = {
    "aws:ec2/instance:Instance": INSTANCE,
    "aws:ebs/volume:Volume": TypeMeanings(
        gone=shared.volume_gone(TRACES),
        changed={**TAGS, "size": shared.volume_resized()},
        otherwise=always("housekeeping", "the data volume of {host} is of another kind", TRACES, UP),
    ),
    "aws:ec2/volumeAttachment:VolumeAttachment": TypeMeanings(
        gone=shared.attachment_gone(TRACES),
        otherwise=always("exposure", "the data volume of {host} is attached in another way", TRACES, UP),
    ),
    "aws:ec2/eip:Eip": TypeMeanings(
        gone=shared.address_gone(TRACES),
        changed=TAGS,
        otherwise=always("housekeeping", "the public address {name} is not as planned", UP),
    ),
    "aws:ec2/eipAssociation:EipAssociation": TypeMeanings(
        gone=always("uptime", "gone: {host} has lost its public address", TRACES, UP),
        otherwise=always("exposure", "the public address of {host} leads to another host", TRACES, UP),
    ),
    INGRESS: rules(shared.opened),
    EGRESS: rules(shared.let_out),
    "aws:ec2/securityGroup:SecurityGroup": TypeMeanings(
        gone=always(
            "exposure", "gone: the security group of {hosts}; the default group stands in for it, or none", TRACES, UP
        ),
        watched=frozenset({"ingress", "egress"}),
        changed={**TAGS, "ingress": foreign_rules("ingress", INGRESS), "egress": foreign_rules("egress", EGRESS)},
        otherwise=always("housekeeping", "the security group of {hosts} is not as planned", UP),
    ),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": TypeMeanings(
        gone=always("housekeeping", "gone: the default group of {site}, which no host is in", UP),
        changed=TAGS,
        otherwise=always(
            "exposure", "the default group of {site} lets something through; no host of ours is in it", TRACES, UP
        ),
    ),
    "aws:kms/key:Key": TypeMeanings(
        gone=weighed(
            "stake",
            "gone or pending deletion: a key; of the volumes' key no disk opens again once its host stops",
            key_gone,
            hold("run neither `pulumi refresh` nor `pulumi up --refresh`: a new key opens no old disk"),
            by_hand(CANCEL),
        ),
        changed={
            **TAGS,
            "policy": always("exposure", "others may use or administer the key {name}", TRACES, UP),
            "isEnabled": always("uptime", "the key {name} is disabled: no host of {site} starts again", TRACES, UP),
            "deletionWindowInDays": always("housekeeping", "the key {name} leaves less time to change one's mind", UP),
        },
        otherwise=always("housekeeping", "the key {name} is rotated otherwise or not at all", UP),
    ),
    "aws:kms/alias:Alias": TypeMeanings(
        gone=always("housekeeping", "gone: the name of a key, {name}; the key itself is there", UP),
        otherwise=always("exposure", "the name {name} leads to another key", TRACES, UP),
    ),
    "aws:ec2/vpc:Vpc": TypeMeanings(
        gone=REBUILT,
        changed={
            **TAGS,
            "enableDnsSupport": always(
                "exposure", "{site} answers names, which is a way out of a sealed site", TRACES, UP
            ),
        },
        otherwise=NETWORK_CHANGED,
    ),
    "aws:ec2/subnet:Subnet": TypeMeanings(
        gone=REBUILT,
        changed={
            **TAGS,
            "mapPublicIpOnLaunch": always("exposure", "what starts in {name} gets a public address", TRACES, UP),
        },
        otherwise=NETWORK_CHANGED,
    ),
    "aws:ec2/internetGateway:InternetGateway": TypeMeanings(gone=REBUILT, changed=TAGS, otherwise=NETWORK_CHANGED),
    "aws:ec2/natGateway:NatGateway": TypeMeanings(gone=REBUILT, changed=TAGS, otherwise=NETWORK_CHANGED),
    "aws:ec2/routeTable:RouteTable": TypeMeanings(
        gone=REBUILT,
        watched=frozenset({"routes"}),
        changed={
            **TAGS,
            "routes": weighed("exposure", ROUTE_BESIDE, route_beside, TRACES, by_hand("delete the route")),
        },
        otherwise=NETWORK_CHANGED,
    ),
    ROUTE: TypeMeanings(
        gone=REBUILT,
        otherwise=always("exposure", "the route {name} leads elsewhere: somebody may listen in", TRACES, UP),
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": TypeMeanings(
        gone=always("exposure", "gone: {name} has the main route table, whatever stands in that", TRACES, UP),
        otherwise=always("exposure", "{name} has another route table: a sealed subnet may have a way out", TRACES, UP),
    ),
    "aws:cloudwatch/logGroup:LogGroup": TypeMeanings(gone=LOGS_GONE, changed=TAGS, otherwise=LOGS_CHANGED),
    "aws:ec2/flowLog:FlowLog": TypeMeanings(gone=LOGS_GONE, changed=TAGS, otherwise=LOGS_CHANGED),
    "aws:iam/role:Role": TypeMeanings(
        gone=LOGS_GONE,
        changed={**TAGS, "assumeRolePolicy": always("exposure", "others may take the role {name}", TRACES, UP)},
        otherwise=always("exposure", "the role {name} is not as planned: it may do more", TRACES, UP),
    ),
    "aws:iam/rolePolicy:RolePolicy": TypeMeanings(
        gone=LOGS_GONE,
        otherwise=always("exposure", "the role of {name} may do other things than write flow logs", TRACES, UP),
    ),
}
