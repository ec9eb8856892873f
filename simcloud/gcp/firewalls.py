"""Firewall rules (google-beta/services/compute/resource_compute_firewall.go; see gcp.json)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from simcloud.core.check import Failure
from simcloud.core.errors import CloudError
from simcloud.core.model import Autoname, Call, Created, Properties
from simcloud.core.values import known
from simcloud.gcp.account import invalid, refuse_over_quota, require
from simcloud.gcp.common import NAME, GcpModel, Scope, chosen, given
from simcloud.gcp.networks import FIREWALLS, in_network
from simcloud.gcp.tokens import FIREWALL, NETWORK
from simcloud.ledger import Record

SERVICE_ACCOUNTS = 10
SOURCE_TAGS, TARGET_TAGS = 30, 70
RANGES = 256
"""Ranges of one list; general knowledge, as are the limits of tags."""

PROTOCOLS = {"tcp", "udp", "icmp", "esp", "ah", "sctp", "ipip", "all"}
WITH_PORTS = {"tcp", "udp", "sctp", "6", "17", "132"}
PORTS = re.compile(r"^(\d{1,5})(?:-(\d{1,5}))?$")
EVERYWHERE = "0.0.0.0/0"

IMPLIED: tuple[Mapping[str, Any], ...] = (
    {"direction": "INGRESS", "priority": 65535, "denies": [{"protocol": "all"}], "sourceRanges": [EVERYWHERE]},
    {"direction": "EGRESS", "priority": 65535, "allows": [{"protocol": "all"}], "destinationRanges": [EVERYWHERE]},
)
"""What holds in every network after all rules; no call shows or changes it (gcp.json, Network, checks)."""


def rules_in_force(call: Call, network: Record) -> list[Mapping[str, Any]]:
    """The rules of a network that are not disabled, and the implied ones, in the order in which they decide.

    The lower priority number comes first, and a deny before an allow of the same one (gcp.json, Firewall, priority).
    """
    rules = [rule.outputs for rule in in_network(call, FIREWALL, network) if not rule.outputs.get("disabled")]
    return sorted([*rules, *IMPLIED], key=lambda rule: (rule["priority"], not rule.get("denies")))


class Firewall(GcpModel):
    """A rule. Whether a service account that it names exists is not asked: nobody has seen what GCP does then."""

    token = FIREWALL
    collection = "firewalls"
    links: ClassVar[Mapping[str, tuple[str, Scope]]] = {"network": ("networks", "global")}
    autoname = Autoname(63)
    unsupported = frozenset({"enableLogging", "params"})

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        sources = ("sourceRanges", "sourceTags", "sourceServiceAccounts")
        if given(inputs, "direction", "INGRESS") == "INGRESS" and not any(inputs.get(name) for name in sources):
            yield Failure("sourceRanges", f"or another of {', '.join(sources)} is needed for INGRESS: set one")
        for name in ("sourceServiceAccounts", "targetServiceAccounts"):
            if len(known(inputs, name) or []) > SERVICE_ACCOUNTS:
                yield Failure(name, f"takes at most {SERVICE_ACCOUNTS} accounts: make another rule for the others")

    def same(self, prop: str, old: Any, new: Any) -> bool:
        """Protocols are compared whatever their case; dropping a sole 0.0.0.0/0 is no change."""
        if prop in ("allows.protocol", "denies.protocol") and isinstance(old, str) and isinstance(new, str):
            return old.lower() == new.lower()
        if prop == "sourceRanges" and not new:
            return old == [EVERYWHERE]
        return super().same(prop, old, new)

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        path = self.claim(call, inputs)
        project = inputs["project"]
        refuse_over_quota(call, "firewalls", FIREWALLS, len(call.find(FIREWALL, project=project)), f"in {project}")
        self._refuse(call, inputs)
        egress = inputs.get("direction") == "EGRESS"
        chosen_ranges = {"destinationRanges": [EVERYWHERE]} if egress else {}
        outputs = {
            **self.described(call, path),
            **chosen(inputs, direction="INGRESS", enableLogging=False, **chosen_ranges),
        }
        return Created(path, outputs)

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update; everything but name, project and direction, the network too by the source."""
        self._refuse(call, {**inputs, "direction": record.outputs["direction"]})
        return {}

    def _refuse(self, call: Call, rule: Mapping[str, Any]) -> None:
        require(call, NETWORK, self.reference(rule, rule["network"], "network"))
        if rule.get("direction") == "EGRESS":
            for name in ("sourceRanges", "sourceTags", "sourceServiceAccounts"):
                if rule.get(name):
                    raise invalid(name, rule[name], "It is only for INGRESS.", "use destinationRanges and targets")
        for action in ("allows", "denies"):
            for entry in rule.get(action, []):
                refuse_entry(action, entry)
        refuse_ranges(rule)
        refuse_names(rule)


def refuse_entry(action: str, entry: Mapping[str, Any]) -> None:
    """Raise unless an entry's protocol is one, and its ports go with it."""
    protocol = entry["protocol"].lower()
    if protocol not in PROTOCOLS and not (protocol.isdigit() and int(protocol) <= 255):
        raise invalid(f"{action}.protocol", protocol, "It is unknown.", f"use one of {', '.join(sorted(PROTOCOLS))}")
    if entry.get("ports") and protocol not in WITH_PORTS:
        raise invalid(f"{action}.ports", entry["ports"], f"{protocol} has no ports.", "leave ports out")
    for port in entry.get("ports") or []:
        found = PORTS.match(port)
        low, high = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
        if not low <= high <= 65535:
            raise invalid(f"{action}.ports", port, "It is no port.", "write one as 22, several as 30000-30100")


def refuse_names(rule: Mapping[str, Any]) -> None:
    """Raise unless tags are formed like names and not too many, and accounts like e-mail addresses."""
    for name, most in (("sourceTags", SOURCE_TAGS), ("targetTags", TARGET_TAGS)):
        tags = rule.get(name) or []
        wrong = [tag for tag in tags if not NAME.match(tag)]
        if wrong or len(tags) > most:
            raise invalid(name, wrong or len(tags), f"A rule takes {most} tags.", "use tags formed like names")
    for name in ("sourceServiceAccounts", "targetServiceAccounts"):
        for account in rule.get(name) or []:
            if "@" not in account:
                raise invalid(name, account, "It is no e-mail address.", "use the account's email")


def refuse_ranges(rule: Mapping[str, Any]) -> None:
    """Raise unless the ranges of each list are of one kind, and not too many.

    A bare address passes, as with the API; that host bits are refused is unverified.
    """
    for name in ("sourceRanges", "destinationRanges"):
        ranges = rule.get(name) or []
        if len(ranges) > RANGES:
            raise CloudError(
                "invalid", f"{name} has {len(ranges)} ranges, a rule takes {RANGES}", "spread them over several rules"
            )
        kinds: set[int] = set()
        for block in ranges:
            try:
                kinds.add(ipaddress.ip_network(block).version)
            except ValueError:
                raise invalid(name, block, "It is no range.", "write it as network address/prefix length") from None
        if len(kinds) > 1:
            raise invalid(name, ranges, "IPv4 and IPv6 cannot be mixed.", "make a rule for each")
