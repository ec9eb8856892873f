"""A flow log has all traffic, refused and accepted, where it can be searched.

Refused packets show who scans; only accepted ones show what an intruder moved.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen


def _check(log: Seen) -> Iterator[str]:
    if log.text("trafficType") != "ALL":
        yield "it leaves out a part of the traffic"
    if log.text("logDestinationType") not in ("", "cloud-watch-logs"):
        yield "it does not go to a log group"


RULE: Final = Rule(
    id="aws-flow-log",
    title="A flow log has all traffic and goes to a log group.",
    why="After an attack on a sentry the question is whether anybody went on to the signers: only this log says.",
    remedy='set traffic_type="ALL" and log_destination_type="cloud-watch-logs"',
    severity=Severity.MEDIUM,
    tags=("audit",),
    types=frozenset({"aws:ec2/flowLog:FlowLog"}),
    check=_check,
)
