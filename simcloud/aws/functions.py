"""The functions of the AWS provider that programs may invoke."""

from __future__ import annotations

from collections.abc import Mapping

from simcloud.aws.images import get_ami
from simcloud.core.model import Call, Properties
from simcloud.core.provider import Function

CALLER = "simcloud"


def get_caller_identity(call: Call, _args: Properties) -> Properties:
    """Who calls: always one user of the simulated account (sts/caller_identity_data_source.go)."""
    return {
        "accountId": call.account,
        "arn": f"arn:aws:iam::{call.account}:user/{CALLER}",
        "id": call.account,
        "userId": f"AIDA{0:017d}",
    }


FUNCTIONS: Mapping[str, Function] = {
    "aws:ec2/getAmi:getAmi": get_ami,
    "aws:index/getCallerIdentity:getCallerIdentity": get_caller_identity,
}
