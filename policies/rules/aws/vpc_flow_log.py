"""Each VPC has a flow log, into a log group of this stack, where retention and key are looked at."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Finding, Stack, StackRule

VPC: Final = "aws:ec2/vpc:Vpc"
FLOW_LOG: Final = "aws:ec2/flowLog:FlowLog"
LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"


def _check(stack: Stack) -> Iterator[Finding]:
    logged = {
        vpc.urn
        for log in stack.of(FLOW_LOG)
        if stack.linked(log, "logDestination", LOG_GROUP)
        for vpc in stack.linked(log, "vpcId", VPC)
    }
    for vpc in stack.of(VPC):
        if vpc.urn not in logged:
            yield Finding(vpc.urn, "no flow log of it goes to a log group of this stack")


RULE: Final = StackRule(
    id="aws-vpc-flow-log",
    title="Every VPC has a flow log into a log group of this stack.",
    why="A host that was taken over lies about its own connections; the network's log does not.",
    remedy="make an ec2.FlowLog with vpc_id of the VPC and log_destination of a cloudwatch.LogGroup",
    severity=Severity.MEDIUM,
    tags=("audit",),
    answers=("CKV2_AWS_11", "AWS-0178", "vpc_flow_logs_enabled"),
    check=_check,
)
