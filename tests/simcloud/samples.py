"""A good sample of every type of AWS, and the things around it; a test changes one thing in one of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from simcloud.aws import tokens
from simcloud.aws.models import MODELS
from simcloud.aws.provider import AwsProvider
from tests.simcloud.driver import Package, Props, World

REGION = "eu-central-1"
ZONE = f"{REGION}a"


def policy(service: str, **more: Any) -> str:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def ami(world: World, architecture: str = "x86_64") -> str:
    args = {
        "owners": ["136693071363"],
        "mostRecent": True,
        "filters": [{"name": "architecture", "values": [architecture]}],
    }
    return world.cloud.invoke("aws:ec2/getAmi:getAmi", args)["id"]


def _nat_gateway(world: World) -> Props:
    world.have(tokens.INTERNET_GATEWAY)
    return {"subnetId": world.have(tokens.SUBNET).id, "allocationId": world.have(tokens.EIP).id}


def _eip_association(world: World) -> Props:
    world.have(tokens.INTERNET_GATEWAY)
    return {"allocationId": world.have(tokens.EIP).id, "instanceId": world.have(tokens.INSTANCE).id}


def _rule(world: World) -> Props:
    return {
        "securityGroupId": world.have(tokens.SECURITY_GROUP).id,
        "ipProtocol": "tcp",
        "fromPort": 22,
        "toPort": 22,
        "cidrIpv4": "198.51.100.0/24",
    }


def _instance(world: World) -> Props:
    return {
        "ami": ami(world),
        "instanceType": "t3.small",
        "subnetId": world.have(tokens.SUBNET).id,
        "vpcSecurityGroupIds": [world.have(tokens.SECURITY_GROUP).id],
        "privateIp": "10.1.0.10",
        "userData": "#cloud-config\n",
        "metadataOptions": {"httpTokens": "required"},
        "rootBlockDevice": {"volumeSize": 20, "encrypted": True},
    }


def _volume(world: World) -> Props:
    key = world.have(tokens.KEY)["arn"]
    return {"availabilityZone": ZONE, "size": 10, "type": "gp3", "encrypted": True, "kmsKeyId": key}


def _flow_log(world: World) -> Props:
    return {
        "vpcId": world.have(tokens.VPC).id,
        "trafficType": "ALL",
        "iamRoleArn": world.have(tokens.ROLE)["arn"],
        "logDestination": world.have(tokens.LOG_GROUP)["arn"],
    }


SAMPLES: dict[str, Callable[[World], Props]] = {
    tokens.VPC: lambda _: {"cidrBlock": "10.1.0.0/16", "enableDnsHostnames": True, "tags": {"Name": "v"}},
    tokens.SUBNET: lambda w: {
        "vpcId": w.have(tokens.VPC).id,
        "cidrBlock": "10.1.0.0/24",
        "availabilityZone": ZONE,
    },
    tokens.INTERNET_GATEWAY: lambda w: {"vpcId": w.have(tokens.VPC).id},
    tokens.NAT_GATEWAY: _nat_gateway,
    tokens.EIP: lambda _: {"domain": "vpc"},
    tokens.EIP_ASSOCIATION: _eip_association,
    tokens.ROUTE_TABLE: lambda w: {"vpcId": w.have(tokens.VPC).id},
    tokens.ROUTE: lambda w: {
        "routeTableId": w.have(tokens.ROUTE_TABLE).id,
        "destinationCidrBlock": "0.0.0.0/0",
        "gatewayId": w.have(tokens.INTERNET_GATEWAY).id,
    },
    tokens.ROUTE_TABLE_ASSOCIATION: lambda w: {
        "routeTableId": w.have(tokens.ROUTE_TABLE).id,
        "subnetId": w.have(tokens.SUBNET).id,
    },
    tokens.SECURITY_GROUP: lambda w: {"vpcId": w.have(tokens.VPC).id, "name": "gateway"},
    tokens.INGRESS_RULE: _rule,
    tokens.EGRESS_RULE: _rule,
    tokens.DEFAULT_SECURITY_GROUP: lambda w: {"vpcId": w.have(tokens.VPC).id},
    tokens.INSTANCE: _instance,
    tokens.VOLUME: _volume,
    tokens.VOLUME_ATTACHMENT: lambda w: {
        "deviceName": "/dev/sdf",
        "instanceId": w.have(tokens.INSTANCE).id,
        "volumeId": w.have(tokens.VOLUME).id,
    },
    tokens.KEY: lambda _: {"enableKeyRotation": True, "deletionWindowInDays": 7},
    tokens.ALIAS: lambda w: {"name": "alias/state", "targetKeyId": w.have(tokens.KEY).id},
    tokens.FLOW_LOG: _flow_log,
    tokens.LOG_GROUP: lambda _: {"name": "flows", "retentionInDays": 30},
    tokens.ROLE: lambda _: {"name": "flows", "assumeRolePolicy": policy("vpc-flow-logs.amazonaws.com")},
    tokens.ROLE_POLICY: lambda w: {
        "role": w.have(tokens.ROLE)["name"],
        "name": "write",
        "policy": json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}],
            }
        ),
    },
}

AWS = Package(
    name="aws",
    provider=AwsProvider,
    config={"region": REGION},
    models=MODELS,
    samples=SAMPLES,
    import_ids={
        tokens.ROUTE: lambda made: f"{made['routeTableId']}_{made['destinationCidrBlock']}",
        tokens.ROUTE_TABLE_ASSOCIATION: lambda made: f"{made['subnetId']}/{made['routeTableId']}",
        tokens.VOLUME_ATTACHMENT: lambda made: f"{made['deviceName']}:{made['volumeId']}:{made['instanceId']}",
    },
    undeletable=frozenset({tokens.KEY}),
)
