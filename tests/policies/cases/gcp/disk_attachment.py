"""Cases of gcp-disk-attachment."""

from policies.rules.gcp.disk_attachment import RULE
from tests.support.policy_cases import Cases, Change, drop, having, on, put, unknown
from tests.support.policy_samples import gcp

TYPE = gcp.ATTACHMENT


def joins(disk: str, host: str) -> Change:
    """Joins another pair."""
    return on(
        "s2-cosigner-1",
        having(dependencies={"disk": (f"{gcp.DISK}::{disk}",), "instance": (f"{gcp.INSTANCE}::{host}",)}),
        type=TYPE,
    )


def only(path: str, token: str) -> Change:
    """Leaves one link."""
    return on("s2-cosigner-1", having(dependencies={path: (f"{token}::s2-cosigner-1",)}), type=TYPE)


CASES = Cases(
    rule=RULE,
    good=[
        gcp.disk("cosigner"),
        gcp.disk("validator"),
        gcp.instance("cosigner"),
        gcp.instance("validator"),
        gcp.attachment("cosigner"),
    ],
    fails={
        "another's disk": joins("s2-validator-1", "s2-cosigner-1"),
        "at another's host": joins("s2-cosigner-1", "s2-validator-1"),
        "no disk of the stack": only("instance", gcp.INSTANCE),
        "no host of the stack": only("disk", gcp.DISK),
        "neither": on("s2-cosigner-1", having(dependencies={}), type=TYPE),
        "read-only": on("s2-cosigner-1", put("mode", "READ_ONLY"), type=TYPE),
        "an odd shape": on("s2-cosigner-1", put("mode", ["READ_WRITE"]), type=TYPE),
    },
    passes={
        "the default mode": on("s2-cosigner-1", drop("mode"), type=TYPE),
        "ids unknown": on("s2-cosigner-1", unknown("disk"), unknown("instance"), type=TYPE),
    },
    defers={"mode unknown": on("s2-cosigner-1", unknown("mode"), type=TYPE)},
)
