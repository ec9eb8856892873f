"""All types of the simulated AWS provider."""

from __future__ import annotations

from collections.abc import Mapping

from simcloud.aws import addresses, compute, iam, kms, logs, network, routing, security, storage
from simcloud.core.model import Model

MODELS: Mapping[str, Model] = {
    model.token: model
    for model in (
        network.Vpc(),
        network.Subnet(),
        network.InternetGateway(),
        addresses.NatGateway(),
        addresses.Eip(),
        addresses.EipAssociation(),
        routing.RouteTable(),
        routing.Route(),
        routing.RouteTableAssociation(),
        security.SecurityGroup(),
        security.IngressRule(),
        security.EgressRule(),
        security.DefaultSecurityGroup(),
        compute.Instance(),
        storage.Volume(),
        storage.VolumeAttachment(),
        kms.Key(),
        kms.Alias(),
        logs.FlowLog(),
        logs.LogGroup(),
        iam.Role(),
        iam.RolePolicy(),
    )
}
