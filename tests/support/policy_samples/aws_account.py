"""AWS samples that no packet passes: logs, keys and roles."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tests.support.policy_cases import Sample
from tests.support.policy_samples.aws_base import (
    ACCOUNT,
    KEY,
    LOG_GROUP,
    LOG_KEY,
    REGION,
    VOLUME_KEY,
    in_vpc,
    sample,
    tags,
)


def log_group(name: str = "s1-flow-logs") -> Sample:
    return sample(
        "aws:cloudwatch/logGroup:LogGroup",
        name,
        {
            "name": "/redoubt/redoubt-testnet/s1/flow-logs",
            "retentionInDays": 365.0,
            "kmsKeyId": LOG_KEY,
            "tags": tags(name),
        },
        {"kmsKeyId": (f"{KEY}::s1-logs",)},
    )


def flow_log(site: str = "s1") -> Sample:
    name = f"{site}-flow-logs"
    return sample(
        "aws:ec2/flowLog:FlowLog",
        name,
        {
            "vpcId": "vpc-0123456789abcdef0",
            "trafficType": "ALL",
            "logDestinationType": "cloud-watch-logs",
            "logDestination": LOG_GROUP,
            "iamRoleArn": f"arn:aws:iam::{ACCOUNT}:role/redoubt-testnet-s1-flow-logs",
            "maxAggregationInterval": 60.0,
            "tags": tags(name),
        },
        {
            **in_vpc(site),
            "logDestination": (f"aws:cloudwatch/logGroup:LogGroup::{name}",),
            "iamRoleArn": (f"aws:iam/role:Role::{name}",),
        },
    )


OWNER: Mapping[str, Any] = {
    "Sid": "Account",
    "Effect": "Allow",
    "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
    "Action": "kms:*",
    "Resource": "*",
}
LOG_SERVICE: Mapping[str, Any] = {
    "Sid": "Logs",
    "Effect": "Allow",
    "Principal": {"Service": f"logs.{REGION}.amazonaws.com"},
    "Action": ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
    "Resource": "*",
    "Condition": {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": LOG_GROUP}},
}


def document(*statements: Mapping[str, Any]) -> str:
    """A policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def key(name: str = "s1-logs", statements: Sequence[Mapping[str, Any]] = (OWNER, LOG_SERVICE)) -> Sample:
    arn = VOLUME_KEY if name.endswith("-volumes") else LOG_KEY
    made = sample(
        KEY,
        name,
        {
            "description": "Redoubt: logs of s1",
            "enableKeyRotation": True,
            "rotationPeriodInDays": 365.0,
            "deletionWindowInDays": 30.0,
            "policy": document(*statements),
            "tags": tags(name),
        },
    )
    return replace(made, outputs={"arn": arn, "keyId": arn.rpartition("/")[2]})


def alias(name: str = "s1-logs") -> Sample:
    return sample(
        "aws:kms/alias:Alias",
        name,
        {"name": f"alias/redoubt-testnet-{name}", "targetKeyId": "5b1f7c3e-0000-4000-8000-000000000002"},
        {"targetKeyId": (f"{KEY}::{name}",)},
    )


TRUST: Mapping[str, Any] = {
    "Effect": "Allow",
    "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
}
WRITE: Mapping[str, Any] = {
    "Effect": "Allow",
    "Action": ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
    "Resource": [LOG_GROUP, f"{LOG_GROUP}:*"],
}
FIND: Mapping[str, Any] = {"Effect": "Allow", "Action": ["logs:DescribeLogGroups"], "Resource": ["*"]}


def iam_role(name: str = "s1-flow-logs") -> Sample:
    return sample(
        "aws:iam/role:Role",
        name,
        {
            "name": f"redoubt-testnet-{name}",
            "description": "Redoubt: VPC flow logs of s1 write to their log group",
            "assumeRolePolicy": document(TRUST),
            "tags": tags(name),
        },
    )


def role_policy(name: str = "s1-flow-logs") -> Sample:
    return sample(
        "aws:iam/rolePolicy:RolePolicy",
        name,
        {"name": "write-flow-logs", "role": f"redoubt-testnet-{name}", "policy": document(WRITE, FIND)},
        {"role": (f"aws:iam/role:Role::{name}",), "policy": (f"aws:cloudwatch/logGroup:LogGroup::{name}",)},
    )


def provider() -> Sample:
    return Sample(
        type="pulumi:providers:aws",
        name="s1-aws",
        provider=None,
        props={
            "region": REGION,
            "skipCredentialsValidation": "false",
            "skipRegionValidation": "true",
            "version": "7.0.0",
        },
    )
