"""Samples of `aws`."""

import json
from collections.abc import Mapping
from typing import Any, Final

from ops.scanners.model import Form, Resource, Sample

_ACCOUNT: Final = "123456789012"
_KEY_ARN: Final = f"arn:aws:kms:eu-central-1:{_ACCOUNT}:key/5b1f7c3e-0000-4000-8000-000000000001"
_LOG_GROUP: Final = f"arn:aws:logs:eu-central-1:{_ACCOUNT}:log-group:/redoubt/redoubt-testnet/s1/flow-logs"
_OFFICE: Final = "198.18.0.1/32"
_KEY: Final = "aws:kms/key:Key::s1-volumes"
_GROUP: Final = "aws:ec2/securityGroup:SecurityGroup::s1-gateway"
_OWNER: Final = {
    "Effect": "Allow",
    "Principal": {"AWS": f"arn:aws:iam::{_ACCOUNT}:root"},
    "Action": "kms:*",
    "Resource": "*",
}
_METADATA: Final = {
    "httpEndpoint": "enabled",
    "httpTokens": "required",
    "httpPutResponseHopLimit": 1,
    "httpProtocolIpv6": "disabled",
    "instanceMetadataTags": "disabled",
}


def _tags(name: str, role: str = "") -> dict[str, str]:
    found = {
        "Name": f"redoubt-testnet-{name}",
        "redoubt:fleet": "redoubt",
        "redoubt:stack": "testnet",
        "redoubt:site": "fra-aws",
    }
    return found | ({"redoubt:role": role} if role else {})


def _document(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _key(*statements: Mapping[str, Any]) -> Resource:
    return Resource(
        type="aws:kms/key:Key",
        name="s1-volumes",
        props={
            "description": "Redoubt: volumes of s1",
            "enableKeyRotation": True,
            "rotationPeriodInDays": 365,
            "deletionWindowInDays": 30,
            "policy": _document(*(statements or (_OWNER,))),
            "tags": _tags("s1-volumes"),
        },
        protect=True,
    )


def _instance(metadata: Mapping[str, Any] = _METADATA, *, role: str = "cosigner", monitoring: bool = True) -> Form:
    """A host and its key. A gateway is linked to the group that samples of firewall rules are about."""
    name = f"s1-{role}-1"
    public = role == "gateway"
    machine = Resource(
        type="aws:ec2/instance:Instance",
        name=name,
        props={
            "ami": "ami-0123456789abcdef0",
            "instanceType": "m7i.large",
            "subnetId": "subnet-0123456789abcdef0",
            "privateIp": "10.1.8.140",
            **({} if public else {"associatePublicIpAddress": False}),
            "vpcSecurityGroupIds": ["sg-0123456789abcdef0"],
            "sourceDestCheck": True,
            "disableApiTermination": True,
            "instanceInitiatedShutdownBehavior": "stop",
            "monitoring": monitoring,
            "ebsOptimized": True,
            "metadataOptions": dict(metadata),
            "rootBlockDevice": {
                "volumeType": "gp3",
                "volumeSize": 20,
                "encrypted": True,
                "kmsKeyId": _KEY_ARN,
                "deleteOnTermination": True,
                "tags": _tags(name, role),
            },
            "userDataReplaceOnChange": False,
            "tags": _tags(name, role),
        },
        links={"rootBlockDevice.kmsKeyId": _KEY} | ({"vpcSecurityGroupIds": _GROUP} if public else {}),
        protect=True,
    )
    return (machine, _key())


def _volume(props: Mapping[str, Any], links: Mapping[str, str]) -> Form:
    volume = Resource(
        type="aws:ebs/volume:Volume",
        name="s1-cosigner-1",
        props={
            "availabilityZone": "eu-central-1a",
            "size": 10,
            "type": "gp3",
            "encrypted": True,
            "tags": _tags("s1-cosigner-1", "cosigner"),
            **props,
        },
        links=links,
        protect=True,
    )
    return (volume, _key())


def _ssh(number: int, peer: Mapping[str, str]) -> Resource:
    return Resource(
        type="aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        name=f"s1-gateway-tcp-22-{number}",
        props={
            "securityGroupId": "sg-0123456789abcdef0",
            "description": "ssh-admin: operators reach the gateway",
            "ipProtocol": "tcp",
            "fromPort": 22,
            "toPort": 22,
            "tags": _tags("s1-gateway", "gateway"),
            **peer,
        },
        links={"securityGroupId": _GROUP},
    )


def _group(*rules: Resource) -> Form:
    group = Resource(
        type="aws:ec2/securityGroup:SecurityGroup",
        name="s1-gateway",
        props={
            "name": "redoubt-testnet-s1-gateway",
            "description": "Redoubt s1-gateway",
            "vpcId": "vpc-0123456789abcdef0",
            "tags": _tags("s1-gateway", "gateway"),
        },
    )
    return (*_instance(role="gateway"), group, *rules)


def _out(props: Mapping[str, Any]) -> Resource:
    return Resource(
        type="aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        name="s1-gateway-tcp-443-out",
        props={
            "securityGroupId": "sg-0123456789abcdef0",
            "description": "updates: packages come from mirrors",
            "tags": _tags("s1-gateway", "gateway"),
            **props,
        },
        links={"securityGroupId": _GROUP},
    )


def _role(action: list[str], resource: list[str]) -> Form:
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": _ACCOUNT}},
    }
    role = Resource(
        type="aws:iam/role:Role",
        name="s1-flow-logs",
        props={
            "name": "redoubt-testnet-s1-flow-logs",
            "description": "Redoubt: VPC flow logs of s1 write to their log group",
            "assumeRolePolicy": _document(trust),
            "tags": _tags("s1-flow-logs"),
        },
    )
    policy = Resource(
        type="aws:iam/rolePolicy:RolePolicy",
        name="s1-flow-logs",
        props={
            "name": "write-flow-logs",
            "role": "redoubt-testnet-s1-flow-logs",
            "policy": _document({"Effect": "Allow", "Action": action, "Resource": resource}),
        },
        links={"role": role.key},
    )
    return (role, policy)


SAMPLES: Final = (
    Sample(
        name="aws-ssh-ipv6",
        resource="two ingress rules of a security group",
        fault="the second opens SSH to ::/0",
        sound=_group(_ssh(1, {"cidrIpv4": _OFFICE}), _ssh(2, {"cidrIpv4": "198.18.0.2/32"})),
        broken=_group(_ssh(1, {"cidrIpv4": _OFFICE}), _ssh(2, {"cidrIpv6": "::/0"})),
        why="Checkov's checks of open ports look for `::/0` among the letters of `cidr_ipv6`, which is one text there and no list: they find no IPv6 range of this resource, in whichever rule.",
        near=("CKV_AWS_24", _group(_ssh(1, {"cidrIpv4": _OFFICE}), _ssh(2, {"cidrIpv4": "0.0.0.0/0"}))),
    ),
    Sample(
        name="aws-ssh-halves",
        resource="two ingress rules of a security group",
        fault="SSH is open to 0.0.0.0/1 and 128.0.0.0/1, which together are everybody",
        sound=_group(_ssh(1, {"cidrIpv4": _OFFICE}), _ssh(2, {"cidrIpv4": "198.18.0.2/32"})),
        broken=_group(_ssh(1, {"cidrIpv4": "0.0.0.0/1"}), _ssh(2, {"cidrIpv4": "128.0.0.0/1"})),
        why="Checkov compares with `0.0.0.0/0`; the pack measures the range, and calls what is wider than /24 wide.",
        near=("CKV_AWS_24", _group(_ssh(1, {"cidrIpv4": _OFFICE}), _ssh(2, {"cidrIpv4": "0.0.0.0/0"}))),
    ),
    Sample(
        name="aws-egress",
        resource="egress rule of a security group",
        fault="every protocol goes out to 0.0.0.0/0",
        sound=_group(_out({"ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "cidrIpv4": "128.0.0.0/1"})),
        broken=_group(_out({"ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0"})),
        why="CKV_AWS_382 wants `protocol` -1 with all ports, or port -1; this resource calls it `ip_protocol`, and has no ports where that is -1.",
        near=(
            "CKV_AWS_382",
            _group(_out({"ipProtocol": "tcp", "fromPort": -1, "toPort": -1, "cidrIpv4": "0.0.0.0/0"})),
        ),
    ),
    Sample(
        name="aws-imdsv1",
        resource="instance",
        fault="its metadata service answers without a session token",
        sound=_instance(),
        broken=_instance(_METADATA | {"httpTokens": "optional"}),
    ),
    Sample(
        name="aws-hop-limit",
        resource="instance",
        fault="its metadata service answers two hops away",
        sound=_instance(),
        broken=_instance(_METADATA | {"httpPutResponseHopLimit": 2}),
        why="CKV_AWS_341 looks at launch templates and configurations, and not at instances.",
    ),
    Sample(
        name="aws-monitoring",
        resource="instance",
        fault="its metrics come every five minutes, not every minute",
        sound=_instance(),
        broken=_instance(monitoring=False),
        why="CKV_AWS_126 is about how often CloudWatch measures: that keeps nobody out, and the fleet's monitors take their metrics from the hosts themselves. The program turns it on; no rule holds it there.",
    ),
    Sample(
        name="aws-volume-key",
        resource="volume",
        fault="it is encrypted with the account's default key",
        sound=_volume({"kmsKeyId": _KEY_ARN}, {"kmsKeyId": _KEY}),
        broken=_volume({}, {}),
    ),
    Sample(
        name="aws-key-policy",
        resource="KMS key",
        fault="the second statement of its policy is for everybody",
        sound=(_key(),),
        broken=(_key(_OWNER, {"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}),),
    ),
    Sample(
        name="aws-role-wildcard",
        resource="inline policy of a role",
        fault="it allows every action of EC2 on everything",
        sound=_role(["logs:CreateLogStream", "logs:PutLogEvents"], [_LOG_GROUP, f"{_LOG_GROUP}:*"]),
        broken=_role(["logs:CreateLogStream", "ec2:*"], ["*"]),
    ),
)

ACCEPTED: Final[dict[str, str]] = {
    "CKV2_AWS_41": (
        "It wants an IAM role on every instance. The fleet's hosts call no API of AWS, and a role that they do not have"
        " gives nothing to whoever gets in (`aws-instance-profile`)."
    ),
}
