"""Cases of gcp-key-protected."""

from policies.rules.gcp.key_protected import RULE
from tests.support.policy_cases import Cases, all_of, having, on, put, without
from tests.support.policy_samples import gcp

KEY = on("s2-volumes", having(protect=False), type=gcp.KEY)
GRANT = on("s2-volumes", having(protect=False), type=gcp.GRANT)
SENTRY = put("labels", gcp.labels("sentry"))

CASES = Cases(
    rule=RULE,
    good=[gcp.key(), gcp.grant(), gcp.disk("cosigner"), gcp.instance("cosigner")],
    fails={
        "the key": KEY,
        "the grant": GRANT,
        "the key of a root disk": all_of(KEY, without("s2-cosigner-1", type=gcp.DISK)),
        "the key of a data disk": all_of(KEY, without("s2-cosigner-1", type=gcp.INSTANCE)),
    },
    passes={
        "sentries alone": all_of(
            KEY,
            GRANT,
            on("s2-cosigner-1", SENTRY, type=gcp.DISK),
            on("s2-cosigner-1", SENTRY, type=gcp.INSTANCE),
        ),
        "a key of no disk": all_of(
            KEY,
            GRANT,
            on("s2-cosigner-1", having(dependencies={}), type=gcp.DISK),
            on("s2-cosigner-1", having(dependencies={}), type=gcp.INSTANCE),
        ),
        "the grant of another key": all_of(GRANT, on("s2-volumes", having(dependencies={}), type=gcp.GRANT)),
    },
)
