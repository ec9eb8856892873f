"""NAT gateways of networks (digitalocean/vpcnatgateway/resource_vpc_nat_gateway.go; see data/digitalocean.json)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simcloud.core.check import Failure
from simcloud.core.errors import CloudError
from simcloud.core.internet import public_address
from simcloud.core.model import Call, Created, Properties
from simcloud.digitalocean.account import (
    DEFAULT_PROJECT,
    is_on,
    new_uuid,
    now,
    refuse_closed_region,
    refuse_taken_name,
    require,
    unprocessable,
)
from simcloud.digitalocean.common import AUTONAME, NETWORK_NAME, DigitalOceanModel, refuse_name
from simcloud.digitalocean.networks import choose_private_address
from simcloud.digitalocean.tokens import NAT_GATEWAY, VPC
from simcloud.ledger import Record

TIMEOUTS = {"icmpTimeoutSeconds": 30, "tcpTimeoutSeconds": 300, "udpTimeoutSeconds": 30}
"""What the cloud sets when the program does not say it (checks)."""


class VpcNatGateway(DigitalOceanModel):
    """A public NAT gateway with one address of its own. Addresses that the program brings are not modelled."""

    token = NAT_GATEWAY
    autoname = AUTONAME
    unsupported = frozenset({"egresses", "projectId", "vpcs.subnetUuid"})

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        if inputs["vpcs"] == []:
            yield Failure("vpcs", "must not be empty: name the network that the gateway serves")

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create; the real provider waits until the gateway is ACTIVE."""
        if not is_on(call, "vpc-nat-gateway"):
            # By the example of VPCs before every account had them; nobody has seen the answer for gateways.
            raise CloudError(
                "404",
                "POST /v2/vpc_nat_gateways: the account does not have VPC NAT gateways",
                "have DigitalOcean enable the product, or give the hosts another way out; in the simulation "
                "`python -m simcloud set digitalocean.vpc-nat-gateway on`",
            )
        refuse_closed_region(inputs["region"])
        self._refuse(call, inputs)
        address = public_address(call)
        outputs = {
            **{name: inputs.get(name, seconds) for name, seconds in TIMEOUTS.items()},
            "createdAt": now(call),
            "egresses": [{"publicGateways": [{"ipv4": address}]}],
            "projectId": DEFAULT_PROJECT,
            "state": "ACTIVE",
            "updatedAt": now(call),
            "vpcs": [self._served(call, inputs["region"], vpc) for vpc in inputs["vpcs"]],
        }
        return Created(new_uuid(call), outputs, address=address)

    def unknown_after(self, changed: set[str], olds: Mapping[str, Any]) -> set[str]:
        """See Model.unknown_after."""
        return {"updatedAt", "vpcs"}

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update; the request carries no VPCs, so a changed defaultGateway is planned again and again."""
        if inputs["region"] != record.outputs["region"]:
            raise unprocessable(
                f"NAT gateway {record.id} cannot leave {record.outputs['region']}", "replace it: give it another name"
            )
        self._refuse(call, inputs, except_id=record.id)
        return {"updatedAt": now(call), "vpcs": record.outputs["vpcs"]}

    def _refuse(self, call: Call, inputs: Properties, except_id: str = "") -> None:
        if inputs["type"] != "PUBLIC":
            raise unprocessable(f"type {inputs['type']!r} is no kind of NAT gateway", "use PUBLIC")
        if inputs["size"] < 1:
            raise unprocessable(f"size {inputs['size']} is invalid", "use at least 1")
        refuse_name(inputs["name"], NETWORK_NAME, "NAT gateway", "letters, digits, dashes and periods")
        refuse_taken_name(call, NAT_GATEWAY, inputs["name"], "NAT gateway", except_id=except_id)

    def _served(self, call: Call, region: str, wanted: Properties) -> Properties:
        """A network as the gateway serves it, with an address of the gateway in it."""
        vpc = require(call, VPC, wanted["vpcUuid"], "VPC")
        if vpc.outputs["region"] != region:
            raise unprocessable(
                f"VPC {vpc.id} is in {vpc.outputs['region']} and the gateway in {region}", "use one region for both"
            )
        default = wanted.get("defaultGateway", False)
        if default:
            self._refuse_second_default(call, vpc)
        return {
            "vpcUuid": vpc.id,
            "defaultGateway": default,
            "gatewayIp": choose_private_address(call, vpc),
            "subnetUuid": "",
        }

    def _refuse_second_default(self, call: Call, vpc: Record) -> None:
        for gateway in call.find(NAT_GATEWAY):
            if any(other["vpcUuid"] == vpc.id and other["defaultGateway"] for other in gateway.outputs["vpcs"]):
                raise unprocessable(
                    f"VPC {vpc.id} has the default gateway {gateway.id} already",
                    "use that one, or leave defaultGateway out; a replacement needs delete_before_replace",
                )
