"""Cloud firewalls (digitalocean/firewall/resource_firewall.go, firewalls.go; see data/digitalocean.json)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from simcloud.core.check import Failure
from simcloud.core.model import Call, Created, Decision, Properties
from simcloud.core.values import UNKNOWN, known
from simcloud.digitalocean.account import new_uuid, now, refuse_taken_name, unprocessable
from simcloud.digitalocean.common import (
    AUTONAME,
    FIREWALL_NAME,
    DigitalOceanModel,
    refuse_name,
    same_but_for_case,
)
from simcloud.digitalocean.tags import refuse_missing_tags
from simcloud.digitalocean.tokens import DROPLET, FIREWALL
from simcloud.ledger import Record

SIDES = {"inboundRules": "source", "outboundRules": "destination"}
RULES, DROPLETS, TAGS, PEERS = 50, 10, 5, 1000
"""In a firewall, in a firewall, in a firewall, and in one rule (checks)."""

HIGHEST_PORT = 65_535
PORTS = re.compile(r"(\d+)(?:-(\d+))?")


def forget_droplet(call: Call, droplet_id: str) -> None:
    """Take a droplet that goes from all firewalls and their rules."""
    number = int(droplet_id)
    for firewall in call.find(FIREWALL):
        outputs = {**firewall.outputs, "dropletIds": _without(firewall.outputs.get("dropletIds", []), number)}
        for side, prefix in SIDES.items():
            name = f"{prefix}DropletIds"
            rules = outputs.get(side, [])
            outputs[side] = [{**rule, name: _without(rule[name], number)} if name in rule else rule for rule in rules]
        call.change(firewall, outputs=outputs)


class Firewall(DigitalOceanModel):
    """A firewall for droplets and tags; every change is one update of all of it. Rules that deny are not modelled."""

    token = FIREWALL
    regional = False
    autoname = AUTONAME
    not_empty = frozenset({"name"})
    unsupported = frozenset(
        {
            "inboundRules.sourceKubernetesIds",
            "inboundRules.sourceLoadBalancerUids",
            "outboundRules.destinationKubernetesIds",
            "outboundRules.destinationLoadBalancerUids",
        }
    )
    # The action is in the SDK and in no source that was read. A change of any rule is an update in place there.
    decisions: ClassVar[Mapping[str, Decision]] = {f"{side}.action": lambda _asked: False for side in SIDES}

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check; the provider's own checks, and what the simulation leaves out."""
        yield from super().check(inputs, region)
        if not inputs.get("inboundRules") and not inputs.get("outboundRules"):
            yield Failure("inboundRules", "or outboundRules is needed: a firewall has at least one rule")
        for side in SIDES:
            rules = inputs.get(side, [])
            for index, rule in enumerate([] if rules is UNKNOWN else rules):
                if rule is not UNKNOWN:
                    yield from _check_rule(rule, f"{side}[{index}]")

    def same(self, prop: str, old: Any, new: Any) -> bool:
        """Tags are compared whatever their case."""
        return prop.rpartition(".")[2] in ("tags", "sourceTags", "destinationTags") and same_but_for_case(old, new)

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        self._refuse(call, inputs)
        outputs = {"createdAt": now(call), "pendingChanges": [], "status": "succeeded"}
        return Created(new_uuid(call), outputs)

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update."""
        self._refuse(call, inputs, except_id=record.id)
        return {}

    def _refuse(self, call: Call, inputs: Properties, except_id: str = "") -> None:
        """What the API answers 422 or 409."""
        refuse_name(
            inputs["name"], FIREWALL_NAME, "firewall", "letters, digits, dots and dashes, a letter or digit first,"
        )
        refuse_taken_name(call, FIREWALL, inputs["name"], "firewall", except_id=except_id)
        droplets, tags = inputs.get("dropletIds", []), inputs.get("tags", [])
        rules = [(rule, prefix) for side, prefix in SIDES.items() for rule in inputs.get(side, [])]
        for count, most, what in (
            (len(rules), RULES, "rules"),
            (len(droplets), DROPLETS, "droplets"),
            (len(tags), TAGS, "tags"),
        ):
            if count > most:
                raise unprocessable(f"{count} {what} are more than a firewall takes ({most})", "use a second firewall")
        refuse_missing_tags(call, tags)
        for droplet in droplets:
            require_droplet(call, droplet)
        for rule, prefix in rules:
            _refuse_rule(call, rule, prefix)


def require_droplet(call: Call, number: int) -> None:
    """Raise unless the account has the droplet."""
    if call.get(DROPLET, str(number)) is None:
        raise unprocessable(f"droplet {number} does not exist", "give the id of one that is there, as a number")


def _check_rule(rule: Properties, path: str) -> Iterator[Failure]:
    protocol, port = known(rule, "protocol"), rule.get("portRange")
    if protocol in ("tcp", "udp") and not port:
        yield Failure(f"{path}.portRange", f"is required if protocol is {protocol}: set a port, a range or all")
    if protocol == "icmp" and port is not None:
        # The provider would take it, read nothing back, and plan it again at every run.
        yield Failure(f"{path}.portRange", "is not kept for icmp: leave it out")
    if rule.get("action") == "deny":
        yield Failure(f"{path}.action", "deny is not simulated: leave the rule out, what no rule allows is dropped")


def _refuse_rule(call: Call, rule: Properties, prefix: str) -> None:
    if "portRange" in rule:
        _refuse_ports(rule["portRange"])
    addresses, tags = rule.get(f"{prefix}Addresses", []), rule.get(f"{prefix}Tags", [])
    droplets = rule.get(f"{prefix}DropletIds", [])
    peers = len(addresses) + len(tags) + len(droplets)
    if not 0 < peers <= PEERS:
        raise unprocessable(f"a rule has {peers} {prefix}s", f"give it 1 to {PEERS}, such as 0.0.0.0/0 and ::/0")
    refuse_missing_tags(call, tags)
    for droplet in droplets:
        require_droplet(call, droplet)
    for address in addresses:
        try:
            ipaddress.ip_network(address, strict=False)
        except ValueError as error:
            raise unprocessable(
                f"invalid address {address!r}", "write an IPv4 or IPv6 address or CIDR range"
            ) from error


def _refuse_ports(ports: str) -> None:
    """Raise unless the API takes the ports and gives them back as they are: `0` comes back as `all`."""
    if ports == "all":
        return
    match = PORTS.fullmatch(ports)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not 0 < first <= last <= HIGHEST_PORT:
        raise unprocessable(f"invalid port range {ports!r}", "write a port, a range such as 8000-9000, or all")


def _without(numbers: list[int], number: int) -> list[int]:
    return [other for other in numbers if other != number]
