"""The GCP sites of a small random fleet, as resources are sent and answered."""

from collections.abc import Iterator
from typing import Any, Final

from fleet.proofs.reading.resources import Resource
from tests.support.small_aws import NAT_ADDRESS, resource
from tests.support.small_hosts import slipped
from tests.support.small_plan import PUBLIC_ROLES, Dice, Host, Opening, Plan, Site

EGRESS, INGRESS = "EGRESS", "INGRESS"
FIREWALL: Final = "gcp:compute/firewall:Firewall"


def gcp_site(dice: Dice, planned: Plan, site: Site) -> Iterator[Resource]:
    """A network with its subnets, routes, NAT, firewalls and instances."""
    kept = {} if dice.slips() else {"deleteDefaultRoutesOnCreate": True}
    network = _linked("Network", site.name, {"name": site.name, "autoCreateSubnetworks": False, **kept})
    yield network
    subnets = {public: _subnet(dice, site, network, public=public) for public in (True, False)}
    yield from subnets.values()
    roles = list(PUBLIC_ROLES) if site.sealed and not dice.slips() else dice.pick([], [*PUBLIC_ROLES, site.name])
    route = {"network": _named(dice, network), "destRange": "0.0.0.0/0", "nextHopGateway": "default-internet-gateway"}
    yield _linked("Route", site.name, {"name": site.name, **route, **({"tags": roles} if roles else {})})
    if not site.sealed or dice.slips():
        yield from _nat(dice, site, network, subnets[False])
    hosts = [one for one in planned.hosts if one.site == site]
    for host in hosts:
        yield from _instance(dice, host, subnets)
        for direction, openings in ((INGRESS, planned.incoming[host.name]), (EGRESS, planned.outgoing[host.name])):
            yield from _firewalls(dice, host, network, direction, openings)
    for direction in (INGRESS, EGRESS):
        if not dice.slips():
            yield _deny_all(dice, site, network, direction)


def _linked(kind: str, name: str, inputs: dict[str, Any], **made: Any) -> Resource:
    path = f"projects/mock-project/global/{kind.lower()}s/{name}"
    link = f"https://www.googleapis.com/compute/v1/{path}"
    token = f"gcp:compute/{kind[0].lower()}{kind[1:]}:{kind}"
    return resource(token, name, inputs, **{"id": path, "selfLink": link, **made})


def _named(dice: Dice, referred: Resource) -> str:
    return referred.outputs[dice.pick("id", "selfLink", "name")]


def _subnet(dice: Dice, site: Site, network: Resource, *, public: bool) -> Resource:
    inputs: dict[str, Any] = {
        "name": f"{site.name}-{'public' if public else 'private'}",
        "network": _named(dice, network),
        "region": "europe-west3",
        "ipCidrRange": site.subnet(public=public),
    }
    if dice.slips():
        inputs |= {"stackType": "IPV4_IPV6"}
    if not public and dice.slips():
        inputs |= {"privateIpGoogleAccess": True}
    return _linked("Subnetwork", inputs["name"], inputs)


def _nat(dice: Dice, site: Site, network: Resource, subnet: Resource) -> Iterator[Resource]:
    router = _linked("Router", site.name, {"name": site.name, "network": _named(dice, network)})
    address = _linked(
        "Address", f"{site.name}-nat", {"name": f"{site.name}-nat"}, address=NAT_ADDRESS.format(site.number)
    )
    listed = {
        "sourceSubnetworkIpRangesToNat": "LIST_OF_SUBNETWORKS",
        "subnetworks": [{"name": _named(dice, subnet), "sourceIpRangesToNats": ["ALL_IP_RANGES"]}],
    }
    served = listed if dice.chance(0.6) else {"sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_IP_RANGES"}
    named = {"natIps": [_named(dice, address)]} if dice.chance(0.7) else {}
    yield from (router, address)
    yield _linked("RouterNat", site.name, {"name": site.name, "router": _named(dice, router), **served, **named})


def _email(host: Host) -> str:
    return f"{host.name}@mock-project.iam.gserviceaccount.com"


def _instance(dice: Dice, host: Host, subnets: dict[bool, Resource]) -> Iterator[Resource]:
    subnet = subnets[(host.role in PUBLIC_ROLES) != dice.slips()]
    block: dict[str, Any] = {
        "subnetwork": _named(dice, subnet),
        "networkIp": host.private,
    }
    if host.public is not None or dice.slips():
        address = {"natIp": host.public} if host.public else {}
        block["accessConfigs"] = [{**address, "networkTier": "PREMIUM"}]
    if dice.slips():
        outside = {} if "stackType" in subnet.inputs else {"ipv6AccessConfigs": [{"networkTier": "PREMIUM"}]}
        block |= dice.pick({"stackType": "IPV4_IPV6"}, outside)
    tags = [dice.pick("gateway", "sentry", "validator") if dice.slips() else host.role, host.site.name, host.name]
    inputs: dict[str, Any] = {
        "name": host.name,
        "machineType": "e2-small",
        "zone": "europe-west3-a",
        "networkInterfaces": [block],
        "tags": tags,
        "serviceAccount": {"email": _email(host), "scopes": ["cloud-platform"]},
    }
    if dice.slips(0.5):
        other = {"subnetwork": _named(dice, subnets[False]), "networkIp": f"10.{host.site.number}.2.{100 + host.slot}"}
        inputs["networkInterfaces"] = [block, other]
    yield _linked("Instance", host.name, inputs)
    if dice.chance(0.2):
        yield resource("gcp:serviceaccount/account:Account", host.name, {"accountId": host.name}, email=_email(host))


def _firewalls(
    dice: Dice, host: Host, network: Resource, direction: str, openings: list[Opening]
) -> Iterator[Resource]:
    for number, opening in enumerate(slipped(dice, one) for one in openings):
        if opening.place != "net" or dice.slips():
            continue
        name = f"{host.name}-{direction.lower()}-{number}"
        inputs: dict[str, Any] = {
            "name": name,
            "network": _named(dice, network),
            **({} if direction == INGRESS and dice.chance(0.3) else {"direction": direction}),
            **_target(dice, host),
            **_peers(dice, host, opening, direction),
            "allows": [_allowed(dice, opening)],
        }
        if dice.chance(0.6):
            inputs["priority"] = dice.pick(900, 1000, 1100)
        if dice.slips():
            inputs |= dice.pick(
                {"denies": inputs["allows"], "allows": []},
                {"disabled": True},
                {"priority": 65535},
                {"allows": [*inputs["allows"], {"protocol": dice.pick("udp", "icmp", "all")}]},
            )
        yield _linked("Firewall", name, inputs)


def _target(dice: Dice, host: Host) -> dict[str, Any]:
    if dice.slips():
        return dice.pick(
            {}, {"targetTags": [dice.pick("gateway", "sentry", "validator")]}, {"targetTags": [host.site.name]}
        )
    return dice.pick({"targetTags": [host.name]}, {"targetServiceAccounts": [_email(host)]})


def _peers(dice: Dice, host: Host, opening: Opening, direction: str) -> dict[str, Any]:
    """The other end by range, tag or service account, and now and then the host's own end as well."""
    inward = direction == INGRESS
    ranges, named = list[str](), dict[str, Any]()
    for peer in opening.peers:
        if isinstance(peer, str):
            ranges.append(peer)
        elif peer.site != host.site:
            ranges += [f"{peer.public}/32"] if peer.public else []
        elif inward and dice.chance(0.7):
            named = dice.pick({"sourceTags": [peer.name]}, {"sourceServiceAccounts": [_email(peer)]})
            if dice.slips():
                named = {"sourceTags": [peer.role]}
        else:
            ranges.append(peer.site.cidr if dice.slips() else f"{peer.private}/32")
    found = {**({f"{'source' if inward else 'destination'}Ranges": ranges} if ranges else {}), **named}
    if dice.chance(0.1) or dice.slips():
        own = dice.pick([f"{host.private}/32"], [host.site.cidr], [f"{host.private}/32", "2001:db8::/32"])
        found[f"{'destination' if inward else 'source'}Ranges"] = own
    return found


def _allowed(dice: Dice, opening: Opening) -> dict[str, Any]:
    """A block of a firewall; ICMP has no types here."""
    protocol = opening.protocol.upper() if dice.chance(0.1) else opening.protocol
    if opening.protocol in ("icmp", "all"):
        return {"protocol": protocol}
    if opening.last - opening.first >= 65534:
        return dice.pick({"protocol": protocol}, {"protocol": protocol, "ports": ["1-65535"]})
    ports = str(opening.first) if opening.first == opening.last else f"{opening.first}-{opening.last}"
    return {"protocol": protocol, "ports": [ports, "9999"] if dice.slips() else [ports]}


def _deny_all(dice: Dice, site: Site, network: Resource, direction: str) -> Resource:
    """Written out below every rule that allows; priority 1000 by mistake wins over those of the same priority."""
    name = f"{site.name}-deny-{direction.lower()}"
    ranges = dice.pick({}, {f"{'source' if direction == INGRESS else 'destination'}Ranges": ["0.0.0.0/0"]})
    inputs: dict[str, Any] = {
        "name": name,
        "network": _named(dice, network),
        "direction": direction,
        "denies": [{"protocol": "all"}],
        "priority": 1000 if dice.slips() else 65534,
        **ranges,
    }
    return _linked("Firewall", name, inputs)
