"""The functions that list droplets, tags, projects and keys, and those that get one network, gateway or volume by name.

Sources: data/digitalocean.json, `invokes`. Lists are filtered after all of them was read, as the real provider does
(internal/datalist): keys in snake case, values exact, as regular expressions or as parts. Sorting is not simulated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simcloud.core.errors import CloudError, SimcloudError
from simcloud.core.model import Call, Model, Properties
from simcloud.digitalocean.account import DEFAULT_PROJECT
from simcloud.digitalocean.droplets import Droplet
from simcloud.digitalocean.gateways import VpcNatGateway
from simcloud.digitalocean.keys import SshKey
from simcloud.digitalocean.networks import Vpc
from simcloud.digitalocean.projects import OWNER_ID, Project, urns_in
from simcloud.digitalocean.tags import Tag
from simcloud.digitalocean.volumes import Volume

Item = Mapping[str, Any]


@dataclass(frozen=True)
class Listing:
    """A function that lists one type: the items' properties by output, and the keys that it filters by."""

    output: str
    items: Callable[[Call], list[Properties]]
    keys: frozenset[str]

    def __call__(self, call: Call, args: Properties) -> Properties:
        """The items that pass all filters; none is no error."""
        for name in ("gpus", "sorts"):
            if args.get(name):
                raise SimcloudError(f"{name} of a list of {self.output} is not simulated: leave it out")
        filters = args.get("filters", [])
        for entry in filters:
            if entry["key"] not in self.keys:
                keys = ", ".join(sorted(self.keys))
                raise CloudError("filter", f"expected key to be one of [{keys}], got {entry['key']}", "use one of them")
        found = [item for item in self.items(call) if all(_passes(item, entry) for entry in filters)]
        return {**args, "id": f"terraform-{call.transaction.count('digitalocean.list')}", self.output: found}


def _passes(item: Item, entry: Properties) -> bool:
    """Whether an item passes a filter: one of the values, or with `all` every one, at the text or in the list."""
    value = item[_camel(entry["key"])]
    texts = [_text(one) for one in value] if isinstance(value, list) else [_text(value)]
    by = MATCHES[entry.get("matchBy", "exact")]
    hits = [any(by(wanted, text) for text in texts) for wanted in entry["values"]]
    return all(hits) if entry.get("all") else any(hits)


MATCHES: Mapping[str, Callable[[str, str], bool]] = {
    "exact": lambda wanted, text: wanted == text,
    "re": lambda wanted, text: re.search(wanted, text) is not None,
    "substring": lambda wanted, text: wanted in text,
}


def _camel(key: str) -> str:
    first, *rest = key.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read(call: Call, model: Model) -> list[Properties]:
    """The records of a type as they are now."""
    return [{**model.read(call, record), "id": record.id} for record in call.find(model.token)]


def _droplets(call: Call) -> list[Properties]:
    same = (
        "createdAt",
        "disk",
        "image",
        "ipv4Address",
        "ipv4AddressPrivate",
        "ipv6",
        "ipv6Address",
        "locked",
        "memory",
    )
    more = ("monitoring", "name", "priceHourly", "priceMonthly", "privateNetworking", "region", "size", "status")
    last = ("backups", "vcpus", "volumeIds", "vpcUuid")
    return [
        {
            **{name: outputs.get(name) for name in (*same, *more, *last)},
            "gpuPartitionMode": "",
            "id": int(outputs["id"]),
            "ipv6AddressPrivate": "",
            "tags": outputs.get("tags", []),
            "urn": outputs["dropletUrn"],
        }
        for outputs in _read(call, Droplet())
    ]


def _tags(call: Call) -> list[Properties]:
    counts = ("databasesCount", "dropletsCount", "imagesCount", "totalResourceCount", "volumeSnapshotsCount")
    names = (*counts, "volumesCount", "name")
    return [{name: outputs[name] for name in names} for outputs in _read(call, Tag())]


def _projects(call: Call) -> list[Properties]:
    """The account's projects, the default one first, in which is whatever is in no other."""
    shown = ("createdAt", "environment", "id", "name", "ownerId", "ownerUuid", "resources", "updatedAt")
    blank = {"description": "", "purpose": "", "isDefault": False}
    made = [
        {**blank, **{name: value for name, value in outputs.items() if name in {*shown, *blank}}}
        for outputs in _read(call, Project())
    ]
    default = {
        **blank,
        "createdAt": "",
        "environment": "",
        "id": DEFAULT_PROJECT,
        "isDefault": True,
        "name": "default",
        "ownerId": OWNER_ID,
        "ownerUuid": call.account,
        "resources": urns_in(call, DEFAULT_PROJECT),
        "updatedAt": "",
    }
    return [default, *made]


def _keys(call: Call) -> list[Properties]:
    return [
        {**{name: key[name] for name in ("fingerprint", "name", "publicKey")}, "id": int(key["id"])}
        for key in _read(call, SshKey())
    ]


def get_vpc(call: Call, args: Properties) -> Properties:
    """A network by id or name, or the default one of a region."""
    networks = _read(call, Vpc())
    if args.get("id"):
        found = [one for one in networks if one["id"] == args["id"]]
        missing = f"Error retrieving VPC: GET https://api.digitalocean.com/v2/vpcs/{args['id']}: 404"
    elif args.get("region"):
        found = [one for one in networks if one["region"] == args["region"] and one["default"]]
        missing = f"Error retrieving VPC: unable to find default VPC in {args['region']} region"
    else:
        found = [one for one in networks if one["name"] == args["name"]]
        missing = f"Error retrieving VPC: no VPCs found with name {args['name']}"
    network = _one(found, missing, "Error retrieving VPC: too many VPCs found")
    shown = ("createdAt", "default", "id", "ipRange", "name", "region")
    kept = {name: network[name] for name in shown}
    return {**kept, "description": network.get("description", ""), "urn": network["vpcUrn"]}


def get_vpc_nat_gateway(call: Call, args: Properties) -> Properties:
    """A gateway by id or name. That there is none is told with the error of the call, which succeeded: `<nil>`."""
    gateways = _read(call, VpcNatGateway())
    if args.get("id"):
        found = [one for one in gateways if one["id"] == args["id"]]
        missing = "Error retrieving VPC NAT Gateway: 404"
    else:
        found = [one for one in gateways if one["name"] == args["name"]]
        missing = "Error listing VPC NAT Gateway by name: <nil>"
    gateway = _one(found, missing, f"Too many VPC NAT Gateways found by name: {len(found)}")
    shown = ("createdAt", "egresses", "id", "name", "projectId", "region", "size", "state", "type", "updatedAt", "vpcs")
    timeouts = ("icmpTimeoutSeconds", "tcpTimeoutSeconds", "udpTimeoutSeconds")
    return {**{name: gateway[name] for name in shown}, **{name: gateway.get(name, 0) for name in timeouts}}


def get_volume(call: Call, args: Properties) -> Properties:
    """A volume by its name, in a region if one is given."""
    name, region = args["name"], args.get("region", "").lower()
    found = [one for one in _read(call, Volume()) if one["name"] == name and region in ("", one["region"])]
    many = f"too many volumes found with name {name} (found {len(found)}, expected 1)"
    volume = _one(found, f"no volumes found with name {name}", many)
    shown = ("dropletIds", "filesystemLabel", "id", "name", "region", "size")
    more = {"description": "", "filesystemType": "", "tags": []}
    kept = {name: volume[name] for name in shown}
    return {**kept, **{name: volume.get(name, blank) for name, blank in more.items()}, "urn": volume["volumeUrn"]}


def _one(found: list[Properties], missing: str, many: str) -> Properties:
    """The only one; an error in the Terraform provider's words otherwise."""
    if len(found) != 1:
        raise CloudError("search", many if found else missing, "change the search")
    return found[0]


OF_DROPLETS = {
    "backups",
    "created_at",
    "disk",
    "id",
    "image",
    "ipv4_address",
    "ipv4_address_private",
    "ipv6",
    "ipv6_address",
    "ipv6_address_private",
    "locked",
    "memory",
    "monitoring",
    "name",
    "price_hourly",
    "price_monthly",
    "private_networking",
    "region",
    "size",
    "status",
    "tags",
    "urn",
    "vcpus",
    "volume_ids",
    "vpc_uuid",
}
OF_PROJECTS = {"name", "purpose", "description", "environment", "is_default"}
OF_KEYS = {"name", "public_key", "fingerprint"}
COUNTS = {"total_resource_count", "droplets_count", "images_count", "volumes_count"}
OF_TAGS = {"name", *COUNTS, "volume_snapshots_count", "databases_count"}

FUNCTIONS: Mapping[str, Callable[[Call, Properties], Properties]] = {
    "digitalocean:index/getDroplets:getDroplets": Listing("droplets", _droplets, frozenset(OF_DROPLETS)),
    "digitalocean:index/getProjects:getProjects": Listing("projects", _projects, frozenset(OF_PROJECTS)),
    "digitalocean:index/getSshKeys:getSshKeys": Listing("sshKeys", _keys, frozenset(OF_KEYS)),
    "digitalocean:index/getTags:getTags": Listing("tags", _tags, frozenset(OF_TAGS)),
    "digitalocean:index/getVolume:getVolume": get_volume,
    "digitalocean:index/getVpc:getVpc": get_vpc,
    "digitalocean:index/getVpcNatGateway:getVpcNatGateway": get_vpc_nat_gateway,
}
