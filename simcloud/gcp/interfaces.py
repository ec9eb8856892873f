"""Network interfaces of instances: their subnet, their internal address, and their external one."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from simcloud.core.model import Call, Properties
from simcloud.gcp.account import invalid, region_of_zone, require
from simcloud.gcp.addresses import internal_address, lend, lent, refuse_use, take_back
from simcloud.gcp.networks import require_subnet
from simcloud.gcp.tokens import ADDRESS, NETWORK
from simcloud.ledger import Record

MOST = 8
"""Interfaces of one instance, fewer on small machines; general knowledge."""


def plan_interfaces(
    call: Call, path: str, zone: str, wanted: list[Mapping[str, Any]], old: list[Mapping[str, Any]]
) -> list[Properties]:
    """The interfaces of an instance as GCP makes them; `old` are those it has, which keep their addresses."""
    if len(wanted) > MOST:
        raise invalid("networkInterfaces", len(wanted), f"An instance has at most {MOST}.", "use fewer")
    planned = [
        _plan(call, path, zone, interface, old[index] if index < len(old) else {}, index)
        for index, interface in enumerate(wanted)
    ]
    networks = [interface["network"] for interface in planned]
    if len(set(networks)) != len(networks):
        raise invalid("networkInterfaces", networks, "Two are in one network.", "use a network for each interface")
    return planned


def _plan(
    call: Call, path: str, zone: str, wanted: Mapping[str, Any], old: Mapping[str, Any], index: int
) -> Properties:
    if not wanted.get("subnetwork"):
        raise invalid(
            "networkInterfaces.subnetwork",
            "",
            f"{wanted.get('network')} is in custom mode, in which an interface needs a subnetwork.",
            "set subnetwork",
        )
    subnet = require_subnet(call, _path(wanted["subnetwork"]), region_of_zone(zone))
    network = subnet.outputs["network"]
    if wanted.get("network"):
        require(call, NETWORK, _path(wanted["network"]))
    if wanted.get("network", network) != network:
        raise invalid("networkInterfaces.network", wanted["network"], f"{subnet.id} is not in it.", "leave network out")
    project = subnet.outputs["project"]
    if wanted.get("subnetworkProject", project) != project:
        raise invalid(
            "networkInterfaces.subnetworkProject",
            wanted["subnetworkProject"],
            f"{subnet.id} is not in it.",
            "leave it out",
        )
    moved = old.get("subnetwork") != subnet.outputs["selfLink"]
    address = wanted.get("networkIp") or (None if moved else old.get("networkIp"))
    address = internal_address(call, subnet, address, owner=path)
    return {
        **wanted,
        "accessConfigs": [_access(call, path, config, zone) for config in wanted.get("accessConfigs", [])],
        "igmpQuery": "IGMP_QUERY_DISABLED",
        "internalIpv6PrefixLength": 0,
        "ipv6AccessType": "",
        "ipv6Address": "",
        "macAddress": _mac(address),
        "name": f"nic{index}",
        "network": network,
        "networkAttachment": "",
        "networkIp": address,
        "parentNicName": "",
        "stackType": "IPV4_ONLY",
        "subnetwork": subnet.outputs["selfLink"],
        "subnetworkProject": project,
    }


def _path(link: str) -> str:
    return f"projects/{link.partition('projects/')[2]}"


def _mac(address: str) -> str:
    """GCP makes the hardware address from the internal one: 42:01 and its four bytes (general knowledge)."""
    return "42:01:" + ":".join(f"{byte:02x}" for byte in ipaddress.IPv4Address(address).packed)


def _access(call: Call, path: str, wanted: Mapping[str, Any], zone: str) -> Properties:
    tier = wanted.get("networkTier")
    config = {**wanted, "natIp": "", "networkTier": tier or "PREMIUM", "securityPolicy": ""}
    if not wanted.get("natIp"):
        return config
    found = call.find(ADDRESS, address=wanted["natIp"], addressType="EXTERNAL")
    if not found or found[0].region != region_of_zone(zone):
        raise invalid(
            "networkInterfaces.accessConfigs.natIp",
            wanted["natIp"],
            f"It is no static external address of {region_of_zone(zone)}.",
            "name the address of an Address in the zone's region, or leave natIp out for an ephemeral one",
        )
    refuse_use(call, found[0], "networkInterfaces.accessConfigs.natIp", tier=config["networkTier"], user=path)
    return {**config, "natIp": wanted["natIp"]}


def lend_addresses(call: Call, instance: Record, interfaces: list[Properties], *, fresh: bool) -> list[Properties]:
    """The interfaces with ephemeral addresses where an access config names none; with `fresh` never the old ones."""
    return [_with_address(call, instance, interface, fresh=fresh) for interface in interfaces]


def _with_address(call: Call, instance: Record, interface: Properties, *, fresh: bool) -> Properties:
    name, configs = interface["name"], interface["accessConfigs"]
    if not configs or configs[0]["natIp"]:
        take_back(call, instance, name)
        return interface
    address = "" if fresh else lent(call, instance, name)
    return {**interface, "accessConfigs": [{**configs[0], "natIp": address or lend(call, instance, name)}]}
