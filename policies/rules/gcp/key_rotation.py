"""The site's key is rotated every 90 days, and takes 30 days to be destroyed: the time in which a mistake is noticed.

90 days is the longest that CIS allows (CIS GCP 4.0, 1.10); 30 days is GCP's default (Cloud KMS: key destruction).
A key that another system holds has neither: who deletes it there shuts every disk at once.
"""

import re
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import KEY

LONGEST_ROTATION: Final = 90 * 86400
SHORTEST_DESTRUCTION: Final = 30 * 86400
_SECONDS: Final = re.compile(r"(\d+)s")


def _seconds(text: str) -> int | None:
    found = _SECONDS.fullmatch(text)
    return int(found[1]) if found else None


def _check(key: Seen) -> Iterator[str]:
    if key.text("versionTemplate.protectionLevel").startswith("EXTERNAL"):
        yield "another system holds it, and may delete it at once"
    rotation = _seconds(key.text("rotationPeriod"))
    if rotation is None or rotation > LONGEST_ROTATION:
        yield "it is not rotated within 90 days"
    delay = key.text("destroyScheduledDuration")
    if delay and (_seconds(delay) or 0) < SHORTEST_DESTRUCTION:
        yield "it is destroyed within less than 30 days"


RULE: Final = Rule(
    id="gcp-key-rotation",
    title="A key is held by Google, rotated within 90 days, and takes 30 days to be destroyed.",
    why="A key that is destroyed takes every disk along; the delay is all that stands between a slip and a lost fleet.",
    remedy=(
        'set rotation_period to at most "7776000s" and destroy_scheduled_duration to at least "2592000s", and leave'
        " version_template out"
    ),
    severity=Severity.MEDIUM,
    tags=("encryption", "durability"),
    answers=("CKV_GCP_43", "GCP-0065", "kms_key_rotation_enabled", "kms_key_rotation_max_90_days"),
    types=frozenset({KEY}),
    check=_check,
)
