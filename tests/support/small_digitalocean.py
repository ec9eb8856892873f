"""The DigitalOcean sites of a small random fleet, as resources are sent and answered."""

from collections.abc import Iterator
from typing import Any

from fleet.proofs.reading.resources import Resource
from tests.support.small_aws import resource
from tests.support.small_hosts import slipped
from tests.support.small_plan import Dice, Host, Opening, Plan, Site


def digitalocean_site(dice: Dice, planned: Plan, site: Site) -> Iterator[Resource]:
    """A VPC with its droplets and firewalls."""
    vpc = resource("digitalocean:index/vpc:Vpc", site.name, {"name": site.name, "region": "fra1", "ipRange": site.cidr})
    yield vpc
    if not site.sealed or dice.slips():
        served = [{"vpcUuid": vpc.outputs["id"], **({} if dice.slips() else {"defaultGateway": True})}]
        yield resource("digitalocean:index/vpcNatGateway:VpcNatGateway", site.name, {"name": site.name, "vpcs": served})
    for host in planned.hosts:
        if host.site == site:
            yield _droplet(dice, host, vpc)
            yield from _firewalls(dice, planned, host)
            if dice.chance(0.2):
                yield resource("digitalocean:index/tag:Tag", host.name, {"name": host.name}, id=host.name)


def _droplet(dice: Dice, host: Host, vpc: Resource) -> Resource:
    tags = [host.role, host.name]
    if dice.slips():
        tags = [dice.pick("gateway", "sentry", "validator", "cosigner"), host.name]
    if dice.slips(0.5):
        tags = [host.role]
    is_public = (host.public is not None) != dice.slips()
    inputs: dict[str, Any] = {
        "name": host.name,
        "image": "debian-13-x64",
        "size": "s-1vcpu-1gb",
        "region": "fra1",
        "vpcUuid": vpc.outputs["id"],
        "tags": [_cased(dice, tag) for tag in tags],
        **({} if is_public and dice.chance(0.5) else {"publicNetworking": is_public}),
        **({"ipv6": True} if dice.slips() else {"ipv6": False} if dice.chance(0.3) else {}),
    }
    public = (host.public or dice.pick("", f"198.18.4.{21 + 2 * host.slot}")) if is_public else ""
    return resource(
        "digitalocean:index/droplet:Droplet", host.name, inputs, ipv4AddressPrivate=host.private, ipv4Address=public
    )


def _cased(dice: Dice, tag: str) -> str:
    return tag.upper() if dice.chance(0.2) else tag


def _firewalls(dice: Dice, planned: Plan, host: Host) -> Iterator[Resource]:
    """One firewall or two that match the host by its tag or its id; now and then by the tag of its whole role."""
    incoming = [slipped(dice, one) for one in planned.incoming[host.name] if one.place == "net"]
    outgoing = [slipped(dice, one) for one in planned.outgoing[host.name] if one.place == "net"]
    nothing = list[Opening]()
    parts = [(incoming, outgoing)] if dice.chance(0.7) else [(incoming, nothing), (nothing, outgoing)]
    for number, (inward, outward) in enumerate(parts):
        if dice.slips(0.5):
            continue
        matched = dice.pick({"tags": [_cased(dice, host.name)]}, {"dropletIds": [f"{host.name}-droplet"]})
        if dice.slips():
            matched = {"tags": [dice.pick(host.role, "gateway", "sentry", "validator", "cosigner")]}
        inputs: dict[str, Any] = {
            "name": f"{host.name}-{number}",
            **matched,
            "inboundRules": [_rule(dice, host, one, "source") for one in inward if not dice.slips()],
            "outboundRules": [_rule(dice, host, one, "destination") for one in outward if not dice.slips()],
        }
        yield resource("digitalocean:index/firewall:Firewall", f"{host.name}-{number}", inputs)


def _rule(dice: Dice, host: Host, opening: Opening, side: str) -> dict[str, Any]:
    protocol = dice.pick("tcp", "udp", "icmp") if opening.protocol == "all" else opening.protocol
    rule: dict[str, Any] = {"protocol": protocol}
    if protocol != "icmp":
        rule["portRange"] = _ports(dice, opening)
    addresses, tags = list[str](), list[str]()
    for peer in opening.peers:
        if isinstance(peer, str):
            addresses.append(peer)
        elif peer.site.provider == "digitalocean" and dice.chance(0.6):
            tags.append(_cased(dice, peer.role if dice.slips() else peer.name))
        else:
            addresses += [one for one in (peer.private if peer.site == host.site else None, peer.public) if one]
    return rule | {f"{side}Addresses": addresses, **({f"{side}Tags": tags} if tags else {})}


def _ports(dice: Dice, opening: Opening) -> str:
    if opening.last - opening.first >= 65534:
        return dice.pick("all", "0", "1-65535")
    return str(opening.first) if opening.first == opening.last else f"{opening.first}-{opening.last}"
