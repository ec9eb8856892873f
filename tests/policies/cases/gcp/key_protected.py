"""Cases of gcp-key-protected."""

from collections.abc import Sequence
from dataclasses import replace

from policies.rules.gcp.key_protected import RULE
from tests.support.policy_cases import Cases, Change, Sample, all_of, having, on, without
from tests.support.policy_samples import gcp
from tests.support.policy_samples.fleet import fleet, intending

KEY = on("s2-volumes", having(protect=False), type=gcp.KEY)
GRANT = on("s2-volumes", having(protect=False), type=gcp.GRANT)
DISKS = (gcp.INSTANCE, gcp.DISK)
KEPT = ("s2-gateway-1", "s2-validator-1", "s2-cosigner-1")


def needed_by(*names: str, type: str | None = None) -> Change:  # noqa: A002 - the engine's word
    """Of the kept hosts' disks, these alone are encrypted with the key."""

    def change(given: Sequence[Sample]) -> list[Sample]:
        return [
            replace(one, dependencies={})
            if one.type in DISKS and one.name in KEPT and (one.name not in names or type not in (None, one.type))
            else one
            for one in given
        ]

    return change


def letting_go(host: str) -> Change:
    return intending(lambda config: config.update(let_go=[host]))


CASES = Cases(
    rule=RULE,
    good=fleet,
    fails={
        "the key": KEY,
        "the grant": GRANT,
        "the key of root disks": all_of(KEY, needed_by(*KEPT, type=gcp.INSTANCE)),
        "the key of data disks": all_of(KEY, needed_by(*KEPT, type=gcp.DISK)),
        "the grant, one host let go": all_of(GRANT, letting_go("s2-gateway-1")),
        "the key, one host let go": all_of(KEY, letting_go("s2-gateway-1")),
        "no fleet to compare with": without("redoubt-testnet", type="pulumi:pulumi:Stack"),
    },
    passes={
        "the one that needs it is let go": all_of(KEY, GRANT, needed_by("s2-cosigner-1"), letting_go("s2-cosigner-1")),
        "a fleet that is retired": all_of(KEY, GRANT, intending(lambda config: config.update(retire=True))),
        "sentries alone": all_of(KEY, GRANT, needed_by()),
        "the grant of another key": all_of(GRANT, on("s2-volumes", having(dependencies={}), type=gcp.GRANT)),
    },
)
