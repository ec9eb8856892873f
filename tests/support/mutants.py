"""Seeded mistakes in what the testnet sends: each is one that an operator, a colleague or a provider could make."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from fleet.plan import plan
from fleet.proofs.reading.resources import ReadingError, Resource
from fleet.proofs.reading.world import HostFiles
from ops.prove.decided import decided
from ops.prove.rendered import Rendered, rendered
from tests.support.mocked import recorded
from tests.support.samples import committed

INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
AWS_INSTANCE = "aws:ec2/instance:Instance"
ASSOCIATION = "aws:ec2/eipAssociation:EipAssociation"
GCP_FIREWALL = "gcp:compute/firewall:Firewall"
GCP_INSTANCE = "gcp:compute/instance:Instance"
DROPLET = "digitalocean:index/droplet:Droplet"
DO_FIREWALL = "digitalocean:index/firewall:Firewall"
NOWHERE = "nothing of the rendering has that name or line: mend the mutant"

Change = Callable[[Rendered], Rendered]


@dataclass(frozen=True)
class Mutant:
    """A mistake, and the change that makes it."""

    name: str
    change: Change


@cache
def original() -> Rendered:
    """What the committed testnet sends: not to be changed."""
    return rendered(plan(committed("testnet"), "testnet"), recorded("testnet"))


def caught_by(mutant: Mutant) -> tuple[str, ...]:
    """The claims that fail with the mistake in; `unmodelled` where the reader refuses it."""
    sent = mutant.change(original())
    try:
        report = decided(sent)
    except ReadingError:
        return ("unmodelled",)
    return tuple(one.claim for one in report.verdicts if one.outcome == "failed")


def inputs(token: str, name: str, **changes: Any) -> Change:
    """Inputs of one resource set to other values; None takes one away."""

    def change(sent: Rendered) -> Rendered:
        found = [one for one in sent.resources if (one.type, one.name) == (token, name)]
        assert len(found) == 1, NOWHERE
        values = {**found[0].inputs, **changes}
        kept = {key: value for key, value in values.items() if value is not None}
        return _with(sent, found[0], replace(found[0], inputs=kept))

    return change


def edited(token: str, name: str, key: str, edit: Callable[[Any], Any]) -> Change:
    """One input of one resource, changed from what it was."""

    def change(sent: Rendered) -> Rendered:
        (found,) = [one for one in sent.resources if (one.type, one.name) == (token, name)]
        return inputs(token, name, **{key: edit(found.inputs[key])})(sent)

    return change


def dropped(token: str, name: str) -> Change:
    """One resource left out."""

    def change(sent: Rendered) -> Rendered:
        kept = tuple(one for one in sent.resources if (one.type, one.name) != (token, name))
        assert len(kept) == len(sent.resources) - 1, NOWHERE
        return replace(sent, resources=kept)

    return change


def added(token: str, name: str, like: tuple[str, str] | None = None, **values: Any) -> Change:
    """One more resource, with the inputs of another one and some of its own."""

    def change(sent: Rendered) -> Rendered:
        base: Mapping[str, Any] = {}
        if like is not None:
            (found,) = [one for one in sent.resources if (one.type, one.name) == like]
            base = found.inputs
        made = {**base, **values}
        new = Resource(urn=f"urn:{name}", type=token, name=name, inputs=made, outputs={**made, "id": f"{name}-new"})
        return replace(sent, resources=(*sent.resources, new))

    return change


def _with(sent: Rendered, old: Resource, new: Resource) -> Rendered:
    return replace(sent, resources=tuple(new if one is old else one for one in sent.resources))


def written(host: str, part: str, old: str, new: str) -> Change:
    """A piece of a host's file replaced by another: `ruleset`, `mesh_ruleset` or `wireguard`."""

    def change(sent: Rendered) -> Rendered:
        files: HostFiles = sent.files[host]
        text: str = getattr(files, part)
        before, after = _addressed(sent, old), _addressed(sent, new)
        assert before in text, f"{NOWHERE}: {before}"
        return replace(sent, files={**sent.files, host: replace(files, **{part: text.replace(before, after, 1)})})

    return change


def _addressed(sent: Rendered, text: str) -> str:
    """A text with `<symbol>` replaced by the address that was chosen for it."""
    for symbol, address in sent.addresses.items():
        text = text.replace(f"<{symbol}>", address)
    return text


def relined(host: str, part: str, mark: str, line: str) -> Change:
    """The one line of a host's file that holds a mark, written anew."""

    def change(sent: Rendered) -> Rendered:
        (old,) = [one for one in str(getattr(sent.files[host], part)).splitlines() if mark in one]
        return written(host, part, old, f"    {line}")(sent)

    return change


def outside_namespace(host: str) -> Change:
    """A host whose chain and signer listen in its own network namespace."""

    def change(sent: Rendered) -> Rendered:
        files = sent.files[host]
        listeners = tuple(replace(one, inside=False) for one in files.listeners)
        return replace(sent, files={**sent.files, host: replace(files, listeners=listeners)})

    return change


def silent(host: str) -> Change:
    """A host of which nobody says what listens."""

    def change(sent: Rendered) -> Rendered:
        return replace(sent, files={**sent.files, host: replace(sent.files[host], listeners=())})

    return change


def _nics(edit: Callable[[dict[str, Any]], list[dict[str, Any]]]) -> Callable[[Any], Any]:
    return lambda nics: edit(dict(nics[0]))


def _rule(key: str, **values: Any) -> Callable[[Any], Any]:
    """A DigitalOcean rule list with the rule of a port range changed."""
    return lambda rules: [{**one, **values} if one.get("portRange") == key else one for one in rules]


def _account(role: str) -> Callable[[Any], Any]:
    return lambda account: {**account, "email": account["email"].replace(account["email"].split("-")[1], role)}


EVERYWHERE = "0.0.0.0/0"
AWS_MUTANTS = {
    "p2p rule widened to every port": inputs(INGRESS, "s1-sentry-tcp-26656-from-0.0.0.0_0", fromPort=1, toPort=65535),
    "gateway SSH from everywhere": inputs(INGRESS, "s1-gateway-tcp-22-from-198.18.0.1_32", cidrIpv4=EVERYWHERE),
    "gateway SSH from a wider range": inputs(INGRESS, "s1-gateway-tcp-22-from-198.18.0.1_32", cidrIpv4="198.18.0.0/24"),
    "relay ports open to strangers": inputs(
        INGRESS, "s1-gateway-udp-51840-51903-from-198.19.0.9_32", cidrIpv4=EVERYWHERE
    ),
    "every protocol to a cosigner": inputs(
        INGRESS, "s1-cosigner-tcp-22-from-s1-gateway", ipProtocol="-1", fromPort=None, toPort=None
    ),
    "IPv6 SSH to a gateway": added(
        INGRESS, "new", (INGRESS, "s1-gateway-tcp-22-from-198.18.0.1_32"), cidrIpv4=None, cidrIpv6="::/0"
    ),
    "public address on a cosigner": added(
        ASSOCIATION, "new", instanceId="s1-cosigner-1-id", allocationId="s1-sentry-2-id"
    ),
    "public address at launch on a validator": inputs(AWS_INSTANCE, "s1-validator-1", associatePublicIpAddress=True),
    "a sentry without its address": dropped(ASSOCIATION, "s1-sentry-1"),
    "a validator in the sentries' group": inputs(AWS_INSTANCE, "s1-validator-1", vpcSecurityGroupIds=["s1-sentry-id"]),
    "a validator in the sentries' group too": edited(
        AWS_INSTANCE, "s1-validator-1", "vpcSecurityGroupIds", lambda groups: [*groups, "s1-sentry-id"]
    ),
    "an instance without a group": inputs(AWS_INSTANCE, "s1-cosigner-1", vpcSecurityGroupIds=None),
    "a rule of a peer's gateway missing": dropped(INGRESS, "s1-gateway-udp-51840-51903-from-public-s2-gateway-1"),
    "a way out to the relay missing": dropped(EGRESS, "s1-cosigner-udp-16384-29247-to-s1-gateway"),
    "WireGuard port off by one": inputs(INGRESS, "s1-cosigner-udp-51820-from-s1-gateway", fromPort=51821, toPort=51821),
    "p2p port off by one": inputs(INGRESS, "s1-sentry-tcp-26656-from-0.0.0.0_0", fromPort=26657, toPort=26657),
    "subnet gives IPv6 addresses": inputs("aws:ec2/subnet:Subnet", "s1-private-a", assignIpv6AddressOnCreation=True),
    "private subnet routed to the Internet gateway": inputs(
        "aws:ec2/routeTableAssociation:RouteTableAssociation", "s1-private-a", routeTableId="s1-public-id"
    ),
    "a peering": added("aws:ec2/vpcPeeringConnection:VpcPeeringConnection", "new", vpcId="s1-id", peerVpcId="x"),
    "source check off": inputs(AWS_INSTANCE, "s1-gateway-1", sourceDestCheck=False),
    "inline rule": inputs("aws:ec2/securityGroup:SecurityGroup", "s1-cosigner", ingress=[{"protocol": "-1"}]),
    "second private address": inputs(AWS_INSTANCE, "s1-cosigner-1", secondaryPrivateIps=["10.1.8.200"]),
    "every type of ICMP from everywhere": inputs(
        INGRESS, "s1-cosigner-icmp-3-4-from-10.1.0.0_16", cidrIpv4=EVERYWHERE, fromPort=-1, toPort=-1
    ),
    "a route of the main table": inputs("aws:ec2/route:Route", "s1-private-a-default", routeTableId="rtb-main"),
    "a subnet with the main table": dropped("aws:ec2/routeTableAssociation:RouteTableAssociation", "s1-private-a"),
    "IPv6 of the network": inputs("aws:ec2/vpc:Vpc", "s1", assignGeneratedIpv6CidrBlock=True),
    "a private NAT gateway": inputs("aws:ec2/natGateway:NatGateway", "s1-private-a-nat", allocationId=None),
    "HTTPS through NAT widened to every port": inputs(
        EGRESS, "s1-cosigner-tcp-443-to-128.0.0.0_1", fromPort=1, toPort=65535
    ),
    "a machine that no plan knows": added(AWS_INSTANCE, "new", (AWS_INSTANCE, "s1-sentry-1")),
}
GCP_MUTANTS = {
    "deny-all outwards missing": dropped(GCP_FIREWALL, "s2-deny-egress-ipv4"),
    "deny-all outwards missing for IPv6": dropped(GCP_FIREWALL, "s2-deny-egress-ipv6"),
    "rule for all instances": inputs(GCP_FIREWALL, "s2-sentry-tcp-26656-from-ranges", targetServiceAccounts=None),
    "gateway SSH from everywhere": inputs(GCP_FIREWALL, "s2-gateway-tcp-22-from-ranges", sourceRanges=[EVERYWHERE]),
    "every protocol to a cosigner": inputs(
        GCP_FIREWALL, "s2-cosigner-tcp-22-from-groups", allows=[{"protocol": "all"}]
    ),
    "external address on a validator": edited(
        GCP_INSTANCE, "s2-validator-1", "networkInterfaces", _nics(lambda nic: [{**nic, "accessConfigs": [{}]}])
    ),
    "IP forwarding": inputs(GCP_INSTANCE, "s2-gateway-1", canIpForward=True),
    "default route for all tags": inputs("gcp:compute/route:Route", "s2-public-default", tags=None),
    "route for private hosts of a sealed site": edited(
        "gcp:compute/route:Route", "s2-public-default", "tags", lambda tags: [*tags, "redoubt-testnet-s2-private"]
    ),
    "a validator with the sentries' service account": edited(
        GCP_INSTANCE, "s2-validator-1", "serviceAccount", _account("sentry")
    ),
    "both address families on a cosigner": edited(
        GCP_INSTANCE, "s2-cosigner-1", "networkInterfaces", _nics(lambda nic: [{**nic, "stackType": "IPV4_IPV6"}])
    ),
    "a rule switched off": inputs(GCP_FIREWALL, "s2-validator-tcp-22-from-groups", disabled=True),
    "second network interface": edited(
        GCP_INSTANCE, "s2-cosigner-1", "networkInterfaces", _nics(lambda nic: [nic, {**nic, "networkIp": "10.2.8.9"}])
    ),
    "default routes kept": inputs("gcp:compute/network:Network", "s2", deleteDefaultRoutesOnCreate=False),
    "private address off by one": edited(
        GCP_INSTANCE, "s2-gateway-1", "networkInterfaces", _nics(lambda nic: [{**nic, "networkIp": "10.2.0.11"}])
    ),
    "direction turned": inputs(GCP_FIREWALL, "s2-cosigner-udp-51820-from-groups", direction="EGRESS"),
    "Private Google Access at a sealed site": inputs(
        "gcp:compute/subnetwork:Subnetwork", "s2-private", privateIpGoogleAccess=True
    ),
    "secondary ranges": inputs("gcp:compute/subnetwork:Subnetwork", "s2-private", secondaryIpRanges=[{}]),
    "ICMP from everywhere": inputs(GCP_FIREWALL, "s2-cosigner-icmp-from-ranges", sourceRanges=[EVERYWHERE]),
    "direction in another case": inputs(GCP_FIREWALL, "s2-cosigner-icmp-from-ranges", direction="ingress"),
    "allow above all denials": inputs(
        GCP_FIREWALL, "s2-deny-ingress-ipv4", denies=None, allows=[{"protocol": "tcp"}], priority=1
    ),
}
DIGITALOCEAN_MUTANTS = {
    "a droplet without a firewall": inputs(DROPLET, "s3-cosigner-1", tags=[]),
    "public networking on a cosigner": inputs(DROPLET, "s3-cosigner-1", publicNetworking=True),
    "public networking not switched off": inputs(DROPLET, "s3-cosigner-1", publicNetworking=None),
    "a cosigner with the sentries' tag": edited(
        DROPLET, "s3-cosigner-1", "tags", lambda tags: [*tags, "redoubt-testnet-s3-sentry"]
    ),
    "SSH from everywhere": edited(
        DO_FIREWALL, "s3-gateway-base", "inboundRules", _rule("22", sourceAddresses=[EVERYWHERE])
    ),
    "SSH to a cosigner from the whole VPC": edited(
        DO_FIREWALL, "s3-cosigner-base", "inboundRules", _rule("22", sourceTags=None, sourceAddresses=["10.3.0.0/16"])
    ),
    "SSH to a cosigner from the sentries": edited(
        DO_FIREWALL, "s3-cosigner-base", "inboundRules", _rule("22", sourceTags=["redoubt-testnet-s3-sentry"])
    ),
    "every port": edited(DO_FIREWALL, "s3-sentry-base", "inboundRules", _rule("26656", portRange="all")),
    "IPv6 on": inputs(DROPLET, "s3-gateway-1", ipv6=True),
    "IPv6 in a firewall": edited(
        DO_FIREWALL, "s3-sentry-base", "inboundRules", _rule("26656", sourceAddresses=[EVERYWHERE, "::/0"])
    ),
    "a firewall missing": dropped(DO_FIREWALL, "s3-sentry-base"),
    "a firewall of other sites' gateways missing": dropped(DO_FIREWALL, "s3-gateway-peers"),
    "a NAT gateway for a sealed network": added(
        "digitalocean:index/vpcNatGateway:VpcNatGateway",
        "new",
        vpcs=[{"vpcUuid": "vpc-s3", "defaultGateway": True}],
    ),
    "a droplet in the default network": inputs(DROPLET, "s3-cosigner-1", vpcUuid=None),
}
SSH_TO_METAL = 'tcp dport 22 accept comment "ssh-metal"'
HOST_MUTANTS = {
    "host table accepts by default": written("s2-validator-1", "ruleset", "input priority filter; policy drop", "input priority filter; policy accept"),
    "host output accepts by default": written("s2-cosigner-1", "ruleset", "    counter reject\n", "    accept\n"),
    "metal without any host firewall": written("s4-cosigner-1", "ruleset", "input priority filter; policy drop", "input priority filter; policy accept"),
    "metal SSH from everywhere": relined("s4-cosigner-1", "ruleset", "ssh-metal", f'iifname != "wg0" meta nfproto ipv4 {SSH_TO_METAL}'),
    "a tunnel's rule missing": written("s3-cosigner-1", "ruleset", "udp sport 16473 udp dport 51820 accept", "udp sport 16473 udp dport 51821 accept"),
    "SSH rule widened to a range": written("s1-cosigner-1", "ruleset", "tcp dport 22 accept", "tcp dport 22-65535 accept"),
    "SSH rule without a source": written("s1-validator-1", "ruleset", "ip saddr { 10.1.0.10 } tcp dport 22", "meta nfproto ipv4 tcp dport 22"),
    "names are a way out": written(
        "s2-cosigner-1", "ruleset", "    counter reject\n", '    oifname != "wg0" ip daddr { 169.254.169.254/32 } udp dport 53 accept\n    counter reject\n'
    ),
    "cosigner port open to all peers": written(
        "s1-cosigner-1", "mesh_ruleset", "ip saddr { 100.64.13.129, 100.64.17.129, 100.64.9.129 } tcp dport 2222", "tcp dport 2222"
    ),
    "privval open to a sentry": written("s1-validator-1", "mesh_ruleset", "tcp dport 26656 accept", "tcp dport 1234-26656 accept"),
    "relay to another port": written("s3-gateway-1", "ruleset", "dnat ip to <private(s3-cosigner-1)>:51820", "dnat ip to <private(s3-cosigner-1)>:2222"),
    "an unknown line": written("s1-gateway-1", "ruleset", "    counter reject\n", "    goto elsewhere\n    counter reject\n"),
    "a peer may speak for others": written("s1-validator-1", "wireguard", "AllowedIPs = 100.64.4.129/32", "AllowedIPs = 100.64.0.0/10"),
    "an endpoint's port off by one": written("s4-cosigner-1", "wireguard", "Endpoint = <public(s1-gateway-1)>:51881", "Endpoint = <public(s1-gateway-1)>:51882"),
    "a peer that nobody is": written("s4-cosigner-1", "wireguard", "AllowedIPs = 100.64.5.129/32", "AllowedIPs = 100.64.5.130/32"),
    "signer outside the mesh namespace": outside_namespace("s4-cosigner-1"),
    "validator outside the mesh namespace": outside_namespace("s2-validator-1"),
    "a proxy open to strangers": written("s3-gateway-1", "ruleset", 'ip saddr { 10.3.0.0/16 } tcp dport 3128', "meta nfproto ipv4 tcp dport 3128"),
    "a gateway's SSH open to strangers": written("s3-gateway-1", "ruleset", 'ip saddr { 198.18.0.1/32 } tcp dport 22', "meta nfproto ipv4 tcp dport 22"),
    "more ports than SSH from the VPC": written("s3-cosigner-1", "ruleset", "tcp dport 22 accept", "tcp dport 22-2222 accept"),
    "relay rewrites to an address that is not its own": written("s1-gateway-1", "ruleset", "snat ip to 10.1.0.10:51881", "snat ip to 10.1.0.99:51881"),
    "relay rewrites to the public address": written("s1-gateway-1", "ruleset", "snat ip to 10.1.0.10:51865", "snat ip to <public(s1-gateway-1)>:51865"),
    "a gateway forwards anything": written("s1-gateway-1", "ruleset", "forward priority filter; policy drop", "forward priority filter; policy accept"),
    "a validator forwards anything": written("s2-validator-1", "mesh_ruleset", "forward priority filter; policy drop", "forward priority filter; policy accept"),
    "replies are dropped": written("s1-validator-1", "ruleset", "    ct state established,related accept\n", ""),
    "translation at another hook's priority": written("s1-gateway-1", "ruleset", "priority dstnat", "priority srcnat"),
    "translation in a filter chain": written("s1-gateway-1", "ruleset", "type nat hook prerouting", "type filter hook prerouting"),
    "metadata for every user": written("s2-cosigner-1", "ruleset", "meta skuid 0 ", ""),
    "more than metadata on the link": written("s3-cosigner-1", "ruleset", "ip daddr { 169.254.169.254/32 } tcp dport 80", "ip daddr { 169.254.0.0/16 } tcp dport 80"),
    "metal sends anywhere": written("s4-cosigner-1", "ruleset", "tcp dport 443 accept", "tcp dport 1-65535 accept"),
    "a gateway asks any resolver": written("s1-gateway-1", "ruleset", "    counter reject\n", '    oifname != "wg0" meta nfproto ipv4 udp dport 53 accept\n    counter reject\n'),
    "nothing listens for the signer": silent("s1-cosigner-1"),
}  # fmt: skip
MUTANTS = [
    Mutant(f"{where}: {name}", change)
    for where, mutants in (
        ("AWS", AWS_MUTANTS),
        ("GCP", GCP_MUTANTS),
        ("DigitalOcean", DIGITALOCEAN_MUTANTS),
        ("host", HOST_MUTANTS),
    )
    for name, change in mutants.items()
]
