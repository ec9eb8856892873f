"""AWS resources as the program registers them, in the shape of the provider's checked inputs."""

from collections.abc import Mapping
from typing import Any

from tests.support.policy_cases import Sample
from tests.support.policy_samples.aws_account import (
    FIND,
    LOG_SERVICE,
    OWNER,
    TRUST,
    WRITE,
    alias,
    document,
    flow_log,
    iam_role,
    key,
    log_group,
    provider,
    role_policy,
)
from tests.support.policy_samples.aws_base import (
    ACCOUNT,
    EGRESS,
    GROUP,
    INGRESS,
    INSTANCE,
    KEY,
    LOG_GROUP,
    LOG_KEY,
    REGION,
    SITE,
    VOLUME_KEY,
    in_vpc,
    instead,
    sample,
    tags,
)

__all__ = [
    "ACCOUNT",
    "EGRESS",
    "FIND",
    "GROUP",
    "INGRESS",
    "INSTANCE",
    "KEY",
    "LOG_GROUP",
    "LOG_KEY",
    "LOG_SERVICE",
    "OWNER",
    "REGION",
    "SITE",
    "TRUST",
    "VOLUME_KEY",
    "WRITE",
    "alias",
    "attachment",
    "default_group",
    "document",
    "eip",
    "eip_association",
    "flow_log",
    "https_out",
    "iam_role",
    "in_vpc",
    "instance",
    "instead",
    "internet_gateway",
    "key",
    "log_group",
    "nat_gateway",
    "p2p_from_anywhere",
    "p2p_out",
    "path_mtu",
    "provider",
    "proxy_to_gateway",
    "role_policy",
    "route",
    "route_table",
    "sample",
    "security_group",
    "ssh_from_gateway",
    "subnet",
    "tags",
    "volume",
    "vpc",
]


def instance(role: str = "cosigner") -> Sample:
    name = f"s1-{role}-1"
    public = role in ("gateway", "sentry")
    kept = role in ("gateway", "validator", "cosigner")
    props: dict[str, Any] = {
        "ami": "ami-0123456789abcdef0",
        "instanceType": "m7i.large",
        "subnetId": "subnet-0123456789abcdef0",
        "privateIp": "10.1.8.140",
        "vpcSecurityGroupIds": ["sg-0123456789abcdef0"],
        "sourceDestCheck": True,
        "disableApiTermination": kept,
        "instanceInitiatedShutdownBehavior": "stop",
        "monitoring": True,
        "ebsOptimized": True,
        "metadataOptions": {
            "httpEndpoint": "enabled",
            "httpTokens": "required",
            "httpPutResponseHopLimit": 1.0,
            "httpProtocolIpv6": "disabled",
            "instanceMetadataTags": "disabled",
            "__defaults": [],
        },
        "rootBlockDevice": {
            "volumeType": "gp3",
            "volumeSize": 20.0,
            "encrypted": True,
            "kmsKeyId": VOLUME_KEY,
            "deleteOnTermination": True,
            "tags": tags(name, role),
            "__defaults": [],
        },
        "userData": "#cloud-config\n{}\n",
        "userDataReplaceOnChange": False,
        "tags": tags(name, role),
    }
    if not public:
        props["associatePublicIpAddress"] = False
    return sample(
        INSTANCE,
        name,
        props,
        {
            "subnetId": ("aws:ec2/subnet:Subnet::s1-private-a",),
            "rootBlockDevice": (f"{KEY}::s1-volumes",),
            "vpcSecurityGroupIds": (f"{GROUP}::s1-{role}",),
        },
        kept=kept,
        ignore_changes=("ami", "userData"),
    )


def volume(role: str = "cosigner") -> Sample:
    name = f"s1-{role}-1"
    return sample(
        "aws:ebs/volume:Volume",
        name,
        {
            "availabilityZone": "eu-central-1a",
            "size": 10.0,
            "type": "gp3",
            "encrypted": True,
            "kmsKeyId": VOLUME_KEY,
            "tags": tags(name, role),
        },
        {"kmsKeyId": (f"{KEY}::s1-volumes",)},
        kept=role != "sentry",
    )


def attachment(role: str = "cosigner") -> Sample:
    name = f"s1-{role}-1"
    return sample(
        "aws:ec2/volumeAttachment:VolumeAttachment",
        name,
        {
            "deviceName": "/dev/sdf",
            "instanceId": "i-0123456789abcdef0",
            "volumeId": "vol-0123456789abcdef0",
            "stopInstanceBeforeDetaching": True,
        },
        {"instanceId": (f"{INSTANCE}::{name}",), "volumeId": (f"aws:ebs/volume:Volume::{name}",)},
    )


def eip(name: str = "s1-sentry-1", role: str | None = "sentry") -> Sample:
    return sample("aws:ec2/eip:Eip", name, {"domain": "vpc", "tags": tags(name, role)})


def eip_association(role: str = "sentry") -> Sample:
    name = f"s1-{role}-1"
    return sample(
        "aws:ec2/eipAssociation:EipAssociation",
        name,
        {
            "instanceId": "i-0123456789abcdef0",
            "allocationId": "eipalloc-0123456789abcdef0",
            "allowReassociation": False,
        },
        {"instanceId": (f"{INSTANCE}::{name}",), "allocationId": (f"aws:ec2/eip:Eip::{name}",)},
    )


def vpc(name: str = "s1") -> Sample:
    return sample(
        "aws:ec2/vpc:Vpc",
        name,
        {"cidrBlock": "10.1.0.0/16", "enableDnsSupport": True, "enableDnsHostnames": False, "tags": tags(name)},
    )


def default_group(site: str = "s1") -> Sample:
    name = f"{site}-default"
    return sample(
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        name,
        {"vpcId": "vpc-0123456789abcdef0", "ingress": [], "egress": [], "tags": tags(name)},
        in_vpc(site),
    )


def subnet(name: str = "s1-private-a") -> Sample:
    return sample(
        "aws:ec2/subnet:Subnet",
        name,
        {
            "vpcId": "vpc-0123456789abcdef0",
            "cidrBlock": "10.1.8.0/24",
            "availabilityZone": "eu-central-1a",
            "mapPublicIpOnLaunch": False,
            "tags": tags(name),
        },
        in_vpc("s1"),
    )


def internet_gateway(site: str = "s1") -> Sample:
    return sample(
        "aws:ec2/internetGateway:InternetGateway",
        site,
        {"vpcId": "vpc-0123456789abcdef0", "tags": tags(site)},
        in_vpc(site),
    )


def nat_gateway(name: str = "s1-private-a-nat") -> Sample:
    return sample(
        "aws:ec2/natGateway:NatGateway",
        name,
        {
            "allocationId": "eipalloc-0123456789abcdef0",
            "subnetId": "subnet-0123456789abcdef0",
            "connectivityType": "public",
            "tags": tags(name),
        },
    )


def route_table(name: str = "s1-public") -> Sample:
    return sample(
        "aws:ec2/routeTable:RouteTable", name, {"vpcId": "vpc-0123456789abcdef0", "tags": tags(name)}, in_vpc("s1")
    )


def route(name: str = "s1-public-default", table: str = "s1-public") -> Sample:
    """A default route: to the Internet gateway, or for a table of another name to the NAT gateway."""
    public = table == "s1-public"
    target = "gatewayId" if public else "natGatewayId"
    gateway = "aws:ec2/internetGateway:InternetGateway::s1" if public else f"aws:ec2/natGateway:NatGateway::{table}-nat"
    return sample(
        "aws:ec2/route:Route",
        name,
        {
            "routeTableId": "rtb-0123456789abcdef0",
            "destinationCidrBlock": "0.0.0.0/0",
            target: "igw-0123456789abcdef0" if public else "nat-0123456789abcdef0",
        },
        {"routeTableId": (f"aws:ec2/routeTable:RouteTable::{table}",), target: (gateway,)},
    )


def security_group(role: str = "cosigner") -> Sample:
    name = f"s1-{role}"
    return sample(
        GROUP,
        name,
        {
            "name": f"redoubt-testnet-{name}",
            "description": f"Redoubt {name}",
            "vpcId": "vpc-0123456789abcdef0",
            "tags": tags(name, role),
        },
        in_vpc("s1"),
    )


def _rule(type: str, name: str, role: str, props: Mapping[str, Any], peer: str | None) -> Sample:  # noqa: A002
    dependencies: dict[str, tuple[str, ...]] = {"securityGroupId": (f"{GROUP}::s1-{role}",)}
    if peer:
        dependencies["referencedSecurityGroupId"] = (f"{GROUP}::{peer}",)
    return sample(
        type, name, {**props, "securityGroupId": "sg-0123456789abcdef0", "tags": tags(f"s1-{role}")}, dependencies
    )


def ssh_from_gateway(role: str = "cosigner") -> Sample:
    """An ingress rule from a group."""
    return _rule(
        INGRESS,
        f"s1-{role}-tcp-22-from-s1-gateway",
        role,
        {
            "description": "ssh-inner: operators and applies reach hosts through the gateway",
            "ipProtocol": "tcp",
            "fromPort": 22.0,
            "toPort": 22.0,
            "referencedSecurityGroupId": "sg-0123456789abcdef1",
        },
        "s1-gateway",
    )


def p2p_from_anywhere(role: str = "sentry") -> Sample:
    """An ingress rule from a range."""
    return _rule(
        INGRESS,
        f"s1-{role}-tcp-26656-from-0.0.0.0_0",
        role,
        {
            "description": "p2p-public: any node of the chain may connect to a sentry",
            "ipProtocol": "tcp",
            "fromPort": 26656.0,
            "toPort": 26656.0,
            "cidrIpv4": "0.0.0.0/0",
        },
        None,
    )


def path_mtu(role: str = "gateway") -> Sample:
    """An ingress rule with a type and a code instead of ports."""
    return _rule(
        INGRESS,
        f"s1-{role}-icmp-3-4-from-0.0.0.0_0",
        role,
        {
            "description": "path-mtu: routers say that a packet is too large; without it large packets vanish",
            "ipProtocol": "icmp",
            "fromPort": 3.0,
            "toPort": 4.0,
            "cidrIpv4": "0.0.0.0/0",
        },
        None,
    )


def proxy_to_gateway(role: str = "cosigner") -> Sample:
    """An egress rule to a group."""
    return _rule(
        EGRESS,
        f"s1-{role}-tcp-3128-to-s1-gateway",
        role,
        {
            "description": "proxy: updates come through the allow-list of the gateway",
            "ipProtocol": "tcp",
            "fromPort": 3128.0,
            "toPort": 3128.0,
            "referencedSecurityGroupId": "sg-0123456789abcdef1",
        },
        "s1-gateway",
    )


def p2p_out(role: str = "sentry") -> Sample:
    """An egress rule to most of the Internet."""
    return _rule(
        EGRESS,
        f"s1-{role}-tcp-1-65535-to-128.0.0.0_1",
        role,
        {
            "description": "p2p-out: nodes of the chain listen on any port",
            "ipProtocol": "tcp",
            "fromPort": 1.0,
            "toPort": 65535.0,
            "cidrIpv4": "128.0.0.0/1",
        },
        None,
    )


def https_out(role: str = "validator") -> Sample:
    """An egress rule to most of the Internet, on one port."""
    return _rule(
        EGRESS,
        f"s1-{role}-tcp-443-to-128.0.0.0_1",
        role,
        {
            "description": "updates: packages come from mirrors",
            "ipProtocol": "tcp",
            "fromPort": 443.0,
            "toPort": 443.0,
            "cidrIpv4": "128.0.0.0/1",
        },
        None,
    )
