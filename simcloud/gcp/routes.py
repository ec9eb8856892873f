"""Routes (google-beta/services/compute/resource_compute_route.go; see gcp.json)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from simcloud.core.check import Failure
from simcloud.core.model import Autoname, Call, Created, Properties
from simcloud.core.values import known
from simcloud.gcp.account import base_name, invalid, link_of, place_of_path, require
from simcloud.gcp.common import NAME, GcpModel, Scope, chosen
from simcloud.gcp.networks import ranges_of, subnets_of
from simcloud.gcp.tokens import INSTANCE, NETWORK, ROUTE
from simcloud.ledger import Record

GATEWAY = "default-internet-gateway"


class Route(GcpModel):
    """A route to the Internet gateway, an instance or an address. Tunnels and load balancers are not modelled."""

    token = ROUTE
    collection = "routes"
    links: ClassVar[Mapping[str, tuple[str, Scope]]] = {
        "network": ("networks", "global"),
        "nextHopGateway": ("gateways", "global"),
        "nextHopInstance": ("instances", "zones"),
    }
    autoname = Autoname(63)
    unsupported = frozenset({"nextHopIlb", "nextHopVpnTunnel", "params"})

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        gateway = known(inputs, "nextHopGateway")
        if gateway is not None and base_name(gateway) != GATEWAY:
            yield Failure("nextHopGateway", f"{gateway!r} is no gateway: there is one, {GATEWAY}")
        instance = known(inputs, "nextHopInstance")
        if instance is not None and "/" not in instance and "nextHopInstanceZone" not in inputs:
            yield Failure("nextHopInstance", "is a bare name: set nextHopInstanceZone as well, or give the self link")

    def stored(self, inputs: Properties) -> Properties:
        """See Model.stored; the zone of the next hop counts, since a route has none of its own."""
        instance = inputs.get("nextHopInstance")
        zone = inputs.get("nextHopInstanceZone")
        if isinstance(instance, str) and "/" in instance:
            zone = place_of_path(instance)
        kept = super().stored({**inputs, "zone": zone} if zone else inputs)
        kept.pop("zone", None)
        return kept | ({"nextHopInstanceZone": zone} if zone else {})

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        path = self.claim(call, inputs)
        if not NAME.match(inputs["name"]):
            raise invalid("name", inputs["name"], "Names have 1 to 63 characters.", "shorten it")
        network = require(call, NETWORK, self.reference(inputs, inputs["network"], "network"))
        self._refuse_destination(call, network, inputs["destRange"])
        self._refuse_next_hop(call, network, inputs)
        outputs = {
            **self.described(call, path),
            "asPaths": [],
            "nextHopHub": "",
            "nextHopInterRegionCost": "",
            "nextHopMed": "",
            "nextHopNetwork": "",
            "nextHopOrigin": "",
            "nextHopPeering": "",
            "routeStatus": "ACTIVE",
            "routeType": "STATIC",
            "warnings": [],
            **chosen(inputs, nextHopIp=""),
        }
        return Created(path, outputs)

    def read(self, call: Call, record: Record) -> Properties:
        """See Model.read; a route whose instance has gone stays, and is inactive."""
        hop = record.outputs.get("nextHopInstance")
        alive = not hop or call.find(INSTANCE, selfLink=hop)
        return {**record.outputs, "routeStatus": "ACTIVE" if alive else "INACTIVE"}

    def _refuse_destination(self, call: Call, network: Record, destination: str) -> None:
        try:
            block = ipaddress.IPv4Network(destination)
        except ValueError:
            raise invalid(
                "destRange", destination, "It must be an IPv4 range.", "write it as network address/prefix length"
            ) from None
        for subnet in subnets_of(call, network):
            for its in ranges_of(subnet.outputs):
                if block.subnet_of(ipaddress.IPv4Network(its)):
                    raise invalid(
                        "destRange",
                        destination,
                        f"It is inside {its} of {subnet.id}.",
                        "route only what lies outside of the network's subnets",
                    )

    def _refuse_next_hop(self, call: Call, network: Record, inputs: Mapping[str, Any]) -> None:
        if inputs.get("nextHopInstance"):
            link = self.stored(dict(inputs))["nextHopInstance"]
            instance = require(call, INSTANCE, f"projects/{link.partition('projects/')[2]}")
            interfaces = instance.outputs["networkInterfaces"]
            if network.outputs["selfLink"] not in [interface["network"] for interface in interfaces]:
                raise invalid(
                    "nextHopInstance", link_of(instance.id), f"It is not in {network.id}.", "route to one that is in it"
                )
        if inputs.get("nextHopIp"):
            self._refuse_address(call, network, inputs["nextHopIp"])

    def _refuse_address(self, call: Call, network: Record, hop: str) -> None:
        blocks = [ipaddress.IPv4Network(block) for s in subnets_of(call, network) for block in ranges_of(s.outputs)]
        try:
            inside = any(ipaddress.IPv4Address(hop) in block for block in blocks)
        except ValueError:
            inside = False
        if not inside:
            raise invalid(
                "nextHopIp", hop, f"It is in no subnet of {network.id}.", "use the internal address of an instance"
            )
