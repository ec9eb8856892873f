"""What DigitalOcean answers."""

from collections.abc import Mapping
from ipaddress import IPv4Network

from pulumi.runtime import mocks

from ops.recording.answers import Properties, PublicAddresses, spread

MOST_NUMBERS = 1_000_000
"""Among how many numbers the ids of droplets and SSH keys are chosen."""


class Answers:
    """The answers of one run: private addresses are dealt out within each VPC's range."""

    calls: Mapping[str, Properties] = {}

    def __init__(self, addresses: PublicAddresses):
        self._addresses = addresses
        self._numbers: set[int] = set()
        self._ranges: dict[str, str] = {}
        self._members: dict[str, set[int]] = {}

    def resource(self, args: mocks.MockResourceArgs, inputs: Properties) -> Properties:
        """Ids, URNs and both addresses of droplets."""
        kind = args.typ.rpartition(":")[2]
        resource_id = self._id(kind, args, inputs)
        made: Properties = {"id": resource_id}
        if kind in ("Droplet", "Volume", "Vpc"):
            made[f"{kind.lower()}Urn"] = f"do:{kind.lower()}:{resource_id}"
        if kind == "Vpc":
            self._ranges[resource_id] = inputs["ipRange"]
        if kind == "SshKey":
            made["fingerprint"] = f"fingerprint-{args.name}"
        if kind == "Droplet":
            network = inputs["vpcUuid"]
            inside = IPv4Network(self._ranges[network])
            place = spread(args.name, inside.num_addresses // 2 - 2, self._members.setdefault(network, set()))
            made["ipv4AddressPrivate"] = str(inside[2 * place + 2])
            made["ipv4Address"] = (
                "" if inputs.get("publicNetworking") is False else self._addresses.of(f"{args.typ} {args.name}")
            )
        return made

    def _id(self, kind: str, args: mocks.MockResourceArgs, inputs: Properties) -> str:
        """Ids of droplets and SSH keys are numbers, a tag's is its name; all others are opaque."""
        if kind == "Tag":
            return inputs["name"]
        if kind == "ProjectResources":
            return inputs["project"]
        if kind in ("Droplet", "SshKey"):
            # By name: droplets are made in no fixed order, and two recordings have to be alike.
            return str(410_000_000 + spread(f"{kind} {args.name}", MOST_NUMBERS, self._numbers))
        return f"{kind.lower()}-{args.name}"
