"""A subnet logs every flow: what is allowed is not logged by firewalls, so nothing else shows who talked with a signer.

The values are those that CIS asks for (CIS GCP 4.0, 3.8).
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import SUBNETWORK

UNFILTERED: Final = ("", "true")
"""What is not set is the provider's default, which is the same."""
WHOLE: Final = 1


def _check(subnetwork: Seen) -> Iterator[str]:
    log = subnetwork.block("logConfig")
    if log.text("aggregationInterval") != "INTERVAL_5_SEC":
        yield "its flow logs are not written every 5 seconds"
    if log.number("flowSampling") != WHOLE:
        yield "its flow logs are a sample"
    if log.text("metadata") != "INCLUDE_ALL_METADATA":
        yield "its flow logs do not say which hosts talked"
    if log.text("filterExpr") not in UNFILTERED:
        yield "its flow logs are filtered"


RULE: Final = Rule(
    id="gcp-subnetwork-flow-logs",
    title="A subnet's flow logs are complete.",
    why="After a break-in they alone say which hosts the intruder reached, and so which shards are lost.",
    remedy=(
        'set log_config to aggregation_interval "INTERVAL_5_SEC", flow_sampling 1.0 and metadata'
        ' "INCLUDE_ALL_METADATA", without filter_expr'
    ),
    severity=Severity.MEDIUM,
    tags=("audit",),
    answers=("CKV_GCP_26", "GCP-0029", "GCP-0076", "compute_subnet_flow_logs_enabled"),
    types=frozenset({SUBNETWORK}),
    check=_check,
)
