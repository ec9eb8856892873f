"""What all AWS samples are made of."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.support.policy_cases import Change, Sample

SITE = "urn:pulumi:testnet::redoubt::pulumi:providers:aws::s1-aws"
REGION = "eu-central-1"
ACCOUNT = "123456789012"
VOLUME_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/5b1f7c3e-0000-4000-8000-000000000001"
LOG_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/5b1f7c3e-0000-4000-8000-000000000002"
LOG_GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/redoubt/redoubt-testnet/s1/flow-logs"

INSTANCE = "aws:ec2/instance:Instance"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
KEY = "aws:kms/key:Key"


def tags(name: str, role: str | None = None) -> dict[str, str]:
    found = {
        "Name": f"redoubt-testnet-{name}",
        "redoubt:fleet": "redoubt",
        "redoubt:stack": "testnet",
        "redoubt:site": "fra-aws",
    }
    return found | ({"redoubt:role": role} if role else {})


def sample(
    type: str,  # noqa: A002 - the engine's word
    name: str,
    props: Mapping[str, Any],
    dependencies: Mapping[str, tuple[str, ...]] | None = None,
    *,
    kept: bool = False,
    ignore_changes: tuple[str, ...] = (),
) -> Sample:
    """Any resource. A dependency is written as type and name, `::` between them."""
    return Sample(
        type=type,
        name=name,
        provider=SITE,
        protect=kept,
        ignore_changes=ignore_changes,
        props={**props, "region": REGION, "__defaults": []},
        dependencies=dependencies or {},
    )


def instead(other: Sample) -> Change:
    """Another resource in the place of the good one, for rules about several types."""

    def change(given: Sample) -> Sample:
        return replace(other, settings=given.settings)

    return change


def in_vpc(site: str) -> dict[str, tuple[str, ...]]:
    return {"vpcId": (f"aws:ec2/vpc:Vpc::{site}",)}
