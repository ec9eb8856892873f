"""GCP itself refuses to delete the hosts that no destroy may take, whoever asks: the console and gcloud know no Pulumi."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.roles import is_kept
from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import INSTANCE


def _check(instance: Seen) -> Iterator[str]:
    if is_kept(instance) and instance.flag("deletionProtection") is not True:
        yield "one click in the console deletes it"


RULE: Final = Rule(
    id="gcp-instance-deletion-lock",
    title="Gateways, validators and cosigners are locked against deletion.",
    why="A deleted cosigner takes its key shard's host along; two at once can end signing.",
    remedy="set deletion_protection to True",
    severity=Severity.HIGH,
    tags=("durability", "signing"),
    answers=("compute_instance_deletion_protection_enabled",),
    types=frozenset({INSTANCE}),
    check=_check,
)
