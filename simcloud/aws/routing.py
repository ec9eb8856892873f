"""Route tables, routes and associations (internal/service/ec2/vpc_route*.go; see data/aws.json)."""

from __future__ import annotations

import ipaddress
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from simcloud.aws.account import arn, import_form, new_id, require
from simcloud.aws.common import AwsModel, check_block, check_network
from simcloud.aws.tokens import (
    INTERNET_GATEWAY,
    NAT_GATEWAY,
    NETWORK_INTERFACE,
    ROUTE,
    ROUTE_TABLE,
    ROUTE_TABLE_ASSOCIATION,
    SUBNET,
    VPC,
)
from simcloud.core.check import Failure
from simcloud.core.errors import CloudError
from simcloud.core.model import Call, Created, Properties
from simcloud.core.values import UNKNOWN, has_unknown, known
from simcloud.ledger import Record

TARGETS: Mapping[str, tuple[str, str]] = {
    "gatewayId": (INTERNET_GATEWAY, "InvalidGatewayID.NotFound"),
    "natGatewayId": (NAT_GATEWAY, "InvalidNatGatewayID.NotFound"),
    "networkInterfaceId": (NETWORK_INTERFACE, "InvalidNetworkInterfaceID.NotFound"),
}
"""What a route may point at here, and what AWS answers when it does not exist."""

OTHER_TARGETS = frozenset(
    {
        "carrierGatewayId",
        "coreNetworkArn",
        "egressOnlyGatewayId",
        "localGatewayId",
        "odbNetworkArn",
        "transitGatewayId",
        "vpcEndpointId",
        "vpcPeeringConnectionId",
    }
)

INLINE = {"cidrBlock": "destinationCidrBlock", "ipv6CidrBlock": "destinationIpv6CidrBlock"}
"""The names of destinations in a table's own `routes`, and in a Route."""


def destination_of(route: Mapping[str, Any]) -> str:
    """The destination of a Route, in one spelling."""
    block = route.get("destinationCidrBlock") or route.get("destinationIpv6CidrBlock")
    return str(ipaddress.ip_network(block)) if block else ""


def require_target(call: Call, table: Record, route: Mapping[str, Any]) -> Record:
    """The target of a route, which must belong to the table's VPC."""
    name = next(name for name in TARGETS if route.get(name))
    kind, code = TARGETS[name]
    target = require(call, kind, route[name], code, name.removesuffix("Id") + " ID")
    if target.outputs["vpcId"] != table.outputs["vpcId"]:
        raise CloudError(
            "InvalidParameterValue",
            f"route table {table.id} and network target {target.id} belong to different networks",
            "point the route at a target in the table's own VPC",
        )
    return target


def refuse_route(call: Call, table: Record, route: Mapping[str, Any], taken: set[str]) -> None:
    """Raise if AWS would not take a new route into the table, whose destinations are `taken`."""
    target = require_target(call, table, route)
    destination = destination_of(route)
    if destination in taken:
        raise CloudError(
            "RouteAlreadyExists",
            f"The route identified by {destination} already exists in {table.id}",
            "keep one route for each destination",
        )
    vpc = require(call, VPC, table.outputs["vpcId"], "InvalidVpcID.NotFound", "vpc ID")
    network, inside = ipaddress.ip_network(destination), ipaddress.ip_network(vpc.outputs["cidrBlock"])
    if target.type == INTERNET_GATEWAY and network.version == inside.version and network.subnet_of(inside):  # type: ignore[arg-type]
        raise CloudError(
            "InvalidParameterValue",
            f"The destination CIDR block {destination} is equal to or more specific than {inside}, the VPC's own",
            "route only what lies outside of the VPC",
        )
    if len(taken) >= call.quota("routes-per-table", 50):
        raise CloudError("RouteLimitExceeded", f"{table.id} has {len(taken)} routes", "use fewer, or raise the quota")


class RouteTable(AwsModel):
    """A route table, with inline routes or for Route resources, never both. Propagation is not modelled."""

    token = ROUTE_TABLE
    unsupported = frozenset({"propagatingVgws"})

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        routes = inputs.get("routes", [])
        for index, route in enumerate([] if routes is UNKNOWN else routes):
            yield from self._check_route(route, f"routes[{index}]")

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        require(call, VPC, inputs["vpcId"], "InvalidVpcID.NotFound", "vpc ID")
        table_id = new_id(call, "rtb")
        return Created(table_id, {"arn": arn(call, "ec2", f"route-table/{table_id}"), "ownerId": call.account})

    def created(self, call: Call, record: Record) -> None:
        """See Model.created."""
        self._refuse_routes(call, record, record.inputs.get("routes", []))

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update; inline routes are compared by destination and changed in place."""
        self._refuse_routes(call, record, inputs.get("routes", []))
        return {}

    def delete(self, call: Call, record: Record) -> bool:
        """See Model.delete; the provider removes all associations first, and routes go with the table."""
        for kind in (ROUTE_TABLE_ASSOCIATION, ROUTE):
            for dependent in call.find(kind, routeTableId=record.id):
                call.remove(dependent)
        return True

    def _check_route(self, route: Any, path: str) -> Iterator[Failure]:
        if has_unknown(route):
            return
        for name in sorted((OTHER_TARGETS | {"destinationPrefixListId"}) & route.keys()):
            yield Failure(f"{path}.{name}", "is not simulated: leave it out, or model it in simcloud.aws.routing")
        for name, version in (("cidrBlock", 4), ("ipv6CidrBlock", 6)):
            if route.get(name):
                yield from check_network(route[name], version, f"{path}.{name}")

    def _refuse_routes(self, call: Call, table: Record, routes: list[Properties]) -> None:
        if routes and call.find(ROUTE, routeTableId=table.id):
            raise CloudError(
                "InvalidParameterCombination",
                f"{table.id} has Route resources, which its inline routes would remove",
                "use inline routes or Route resources, not both",
            )
        taken: set[str] = set()
        for route in [route for index, route in enumerate(routes) if route not in routes[:index]]:
            as_route = {INLINE.get(name, name): value for name, value in route.items()}
            refuse_route(call, table, as_route, taken)
            taken.add(destination_of(as_route))


class Route(AwsModel):
    """One route to an internet gateway, a NAT gateway or a network interface."""

    token = ROUTE
    unsupported = OTHER_TARGETS | {"destinationPrefixListId"}

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        yield from check_block(inputs, "destinationCidrBlock", 4)
        yield from check_block(inputs, "destinationIpv6CidrBlock", 6)
        if known(inputs, "gatewayId") == "local":
            yield Failure("gatewayId", "local cannot be created, since every table has it: remove the route")

    def same(self, prop: str, old: Any, new: Any) -> bool:
        """Spellings of one IPv6 block are equal."""
        if prop != "destinationIpv6CidrBlock" or not isinstance(old, str) or not isinstance(new, str):
            return False
        return ipaddress.ip_network(old) == ipaddress.ip_network(new)

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        table = require(call, ROUTE_TABLE, inputs["routeTableId"], "InvalidRouteTableID.NotFound", "routeTable ID")
        if table.inputs.get("routes"):
            raise CloudError(
                "InvalidParameterCombination",
                f"{table.id} has inline routes, which would remove this one",
                "use inline routes or Route resources, not both",
            )
        taken = {destination_of(other.outputs) for other in call.find(ROUTE, routeTableId=table.id)}
        refuse_route(call, table, inputs, taken)
        destination = inputs.get("destinationCidrBlock") or inputs["destinationIpv6CidrBlock"]
        outputs = {"origin": "CreateRoute", **self._of_target(call, table, inputs)}
        return Created(f"r-{table.id}{zlib.crc32(destination.encode())}", outputs)

    def imported(self, call: Call, id: str) -> str | None:  # noqa: A002
        """See Model.imported: TABLE_DESTINATION."""
        table, found, destination = id.partition("_")
        if not found or not destination:
            raise import_form(id, "ROUTETABLEID_DESTINATION", "rtb-1_0.0.0.0/0")
        routes = call.find(ROUTE, routeTableId=table)
        return next((route.id for route in routes if destination_of(route.outputs) == destination), None)

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update; another target is set with ReplaceRoute."""
        table = require(call, ROUTE_TABLE, inputs["routeTableId"], "InvalidRouteTableID.NotFound", "routeTable ID")
        return self._of_target(call, table, inputs)

    def read(self, call: Call, record: Record) -> Properties:
        """See Model.read; a route whose target has gone is a black hole."""
        targets = {name: record.outputs[name] for name in TARGETS if record.outputs.get(name)}
        alive = all(call.get(TARGETS[name][0], target) for name, target in targets.items())
        return {**record.outputs, "state": "active" if alive else "blackhole"}

    def _of_target(self, call: Call, table: Record, inputs: Properties) -> Properties:
        instance_id = require_target(call, table, inputs).outputs.get("instanceId", "")
        owner = call.account if instance_id else ""
        return {"instanceId": instance_id, "instanceOwnerId": owner, "state": "active"}


class RouteTableAssociation(AwsModel):
    """A subnet's route table. Gateway associations are not modelled; an update keeps the id, at AWS it is a new one."""

    token = ROUTE_TABLE_ASSOCIATION
    unsupported = frozenset({"gatewayId"})

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        self._require_pair(call, inputs)
        others = call.find(ROUTE_TABLE_ASSOCIATION, subnetId=inputs["subnetId"])
        if others:
            raise CloudError(
                "Resource.AlreadyAssociated",
                f"the specified association for route table {inputs['routeTableId']} conflicts with {others[0].id}",
                "associate a subnet with one route table",
            )
        return Created(new_id(call, "rtbassoc"))

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update."""
        self._require_pair(call, inputs)
        return {}

    def imported(self, call: Call, id: str) -> str | None:  # noqa: A002
        """See Model.imported: SUBNET/TABLE."""
        subnet, found, table = id.partition("/")
        if not found or "/" in table:
            raise import_form(id, "SUBNETID/ROUTETABLEID", "subnet-1/rtb-1")
        associations = call.find(ROUTE_TABLE_ASSOCIATION, subnetId=subnet, routeTableId=table)
        return associations[0].id if associations else None

    def _require_pair(self, call: Call, inputs: Properties) -> None:
        subnet = require(call, SUBNET, inputs["subnetId"], "InvalidSubnetID.NotFound", "subnet ID")
        table = require(call, ROUTE_TABLE, inputs["routeTableId"], "InvalidRouteTableID.NotFound", "routeTable ID")
        if subnet.outputs["vpcId"] != table.outputs["vpcId"]:
            raise CloudError(
                "InvalidParameterValue",
                f"Route table {table.id} and subnet {subnet.id} belong to different networks",
                "associate them with a table and a subnet of one VPC",
            )
