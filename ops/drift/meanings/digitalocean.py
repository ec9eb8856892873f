"""What drift means on DigitalOcean.

Firewalls find droplets by tag and their rules stand inline, so a stranger's rule in one of ours is seen. A droplet that no
firewall finds is open. Another firewall on the same tag, which adds its rules to ours, is a resource of its own and not seen.
"""

from collections.abc import Mapping
from typing import Any, Final

from ops.drift.meanings import shared
from ops.drift.meanings.forms import UP, Case, TypeMeanings, always, hold, investigate, meaning, weighed
from ops.drift.model import Meaning, Remedy, fields, items

TRACES: Final = investigate("the security history of the DigitalOcean team, and its API tokens")
NOW: Final = Remedy(kind="up", text="now: `pulumi up --refresh` puts it back")
PEERS: Final = ("Addresses", "Tags", "DropletIds", "LoadBalancerUids", "KubernetesIds")
Reach = tuple[str, str, str]


def reached(rules: Any, side: str) -> set[Reach]:
    """Rules as (protocol, ports, peer): `side` is source or destination."""
    found: set[Reach] = set()
    for one in map(fields, items(rules)):
        peers = [peer for kind in PEERS for peer in items(one.get(f"{side}{kind}"))]
        found |= {(str(one.get("protocol")), str(one.get("portRange") or ""), str(peer)) for peer in peers}
    return found


def rules_changed(case: Case) -> Meaning:
    """Rules of a firewall in either direction."""
    inwards = case.changes[0].property == "inboundRules"
    prop, side = ("inboundRules", "source") if inwards else ("outboundRules", "destination")
    old, new = reached(case.old.get(prop), side), reached(case.new.get(prop), side)
    added = sorted(new - old)
    if added:
        what = ", ".join(dict.fromkeys(_service(protocol, ports) for protocol, ports, _ in added))
        say = shared.opened if inwards else shared.let_out
        return say(case, list(dict.fromkeys(peer for _, _, peer in added)), what, TRACES, UP)
    if old - new:
        what = ", ".join(dict.fromkeys(_service(protocol, ports) for protocol, ports, _ in sorted(old - new)))
        return meaning(case, "uptime", "{name} shuts {what} of {hosts} for peers of theirs", TRACES, UP, what=what)
    return meaning(case, "exposure", "{name} has other rules", TRACES, UP)


def _service(protocol: str, ports: str) -> str:
    first, _, last = ports.partition("-")
    return shared.service(protocol, first, last or first)


def _tags(outputs: Mapping[str, Any]) -> set[str]:
    return set(map(str, items(outputs.get("tags"))))


def firewall_tags(case: Case) -> Meaning:
    """A firewall stands before the droplets with its tags."""
    lost = _tags(case.old) - _tags(case.new)
    if lost:
        says = "{name} stands before nobody any more: {hosts} are open to the whole Internet but for their own firewall"
        return meaning(case, "exposure", says, NOW, TRACES)
    return meaning(case, "uptime", "{name} stands before droplets that it is not for", TRACES, UP)


def droplet_tags(case: Case) -> Meaning:
    """Tags are how firewalls find a droplet."""
    lost = _tags(case.old) - _tags(case.new)
    if lost:
        says = "no firewall finds {host}: it is open to the whole Internet but for its own firewall"
        return meaning(case, "exposure", says, NOW, TRACES)
    return meaning(case, "exposure", "{host} has more tags: firewalls of others may let others in", TRACES, UP)


RULES: Final = weighed(
    "exposure",
    "{name} has rules that the flow matrix does not name, so a stranger may reach {hosts}; or lacks some, and shuts",
    rules_changed,
    TRACES,
    UP,
)
REBUILT: Final = always("uptime", "gone: {name}; what it connects in {site} stands still", TRACES, UP)

DROPLET: Final = TypeMeanings(
    gone=shared.host_gone(TRACES),
    watched=frozenset({"status", "ipv4Address"}),
    changed={
        "size": shared.resized(),
        "status": shared.stands_still("status", "start it: `doctl compute droplet-action power-on`"),
        "tags": weighed("exposure", "{host} has other tags: no firewall may find it", droplet_tags, NOW, TRACES),
        "ipv4Address": always(
            "exposure", "{host} has another public address, where the plan gives it one at all", TRACES, UP
        ),
        "backups": always(
            "stake", "{host} is copied every week: a copy of a signer's disk is a second signer", TRACES, UP
        ),
        "dropletAgent": always("exposure", "the web console can log in to {host}", TRACES, UP),
        "publicNetworking": always(
            "exposure",
            "{host} has a public address that the plan does not give it, or lost its own",
            hold("run no `pulumi up --refresh`: it would replace the host"),
            TRACES,
        ),
        "image": always(
            "stake",
            "{host} was rebuilt from another image: it is not the host that was made",
            *shared.root_by_metadata(TRACES),
        ),
        "userData": always("stake", "the first-boot script of {host} is another", *shared.root_by_metadata(TRACES)),
        "sshKeys": always("exposure", "{host} was made with other keys", *shared.root_by_metadata(TRACES)),
        "vpcUuid": always("exposure", "{host} is in another network", TRACES, UP),
        "ipv6": always("exposure", "{host} speaks IPv6, which no rule of the fleet is about", TRACES, UP),
        "name": always("housekeeping", "{host} has another name in the console", UP),
        "monitoring": always("housekeeping", "{host} is measured by DigitalOcean's agent", UP),
    },
    otherwise=always("exposure", "{host} is not as planned", TRACES, UP),
)

TYPES: Final[Mapping[str, TypeMeanings]] = {
    "digitalocean:index/droplet:Droplet": DROPLET,
    "digitalocean:index/volume:Volume": TypeMeanings(
        gone=shared.volume_gone(TRACES),
        changed={"size": shared.volume_resized(), "tags": shared.tags_changed()},
        otherwise=always("housekeeping", "the data volume of {host} is not as planned", TRACES, UP),
    ),
    "digitalocean:index/volumeAttachment:VolumeAttachment": TypeMeanings(
        gone=shared.attachment_gone(TRACES),
        otherwise=always("exposure", "the data volume of {host} is attached in another way", TRACES, UP),
    ),
    "digitalocean:index/firewall:Firewall": TypeMeanings(
        gone=always(
            "exposure",
            "gone: {name}; if no other firewall has its tag, {hosts} are open to the whole Internet but for their own firewall",
            NOW,
            TRACES,
        ),
        changed={
            "inboundRules": RULES,
            "outboundRules": RULES,
            "tags": weighed("exposure", "{name} may stand before nobody", firewall_tags, NOW, TRACES),
            "name": always("housekeeping", "{name} has another name in the console", UP),
        },
        otherwise=always("exposure", "{name} is not as planned", TRACES, UP),
    ),
    "digitalocean:index/tag:Tag": TypeMeanings(
        gone=always(
            "exposure",
            "gone: the tag of {hosts}, and with it every firewall from before them: they are open to the whole Internet but for "
            "their own firewall",
            NOW,
            TRACES,
        ),
        otherwise=always("exposure", "the tag of {hosts} is another: firewalls find droplets by it", NOW, TRACES),
    ),
    "digitalocean:index/vpc:Vpc": TypeMeanings(
        gone=REBUILT,
        changed={
            "name": always("housekeeping", "the network of {site} has another name", UP),
            "description": always("housekeeping", "the network of {site} has another description", UP),
        },
        otherwise=always("exposure", "the network of {site} is not as planned", TRACES, UP),
    ),
    "digitalocean:index/vpcNatGateway:VpcNatGateway": TypeMeanings(
        gone=REBUILT, otherwise=always("exposure", "the way out of {site} is not as planned", TRACES, UP)
    ),
    "digitalocean:index/sshKey:SshKey": TypeMeanings(
        gone=always("housekeeping", "gone: the key that opens nothing; a new droplet would get a mailed password", UP),
        otherwise=always(
            "exposure", "the key that opens nothing is another one, which may open new droplets", TRACES, UP
        ),
    ),
    "digitalocean:index/project:Project": TypeMeanings(
        gone=always("housekeeping", "gone: the project of {site}, where the console shows it; it guards nothing", UP),
        otherwise=always("housekeeping", "the project of {site} reads otherwise; it guards nothing", UP),
    ),
    "digitalocean:index/projectResources:ProjectResources": TypeMeanings(
        gone=always("housekeeping", "gone: what {site} has in its project; it guards nothing", UP),
        otherwise=always("housekeeping", "{site} has other things in its project than planned; it guards nothing", UP),
    ),
}
