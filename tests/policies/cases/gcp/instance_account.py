"""Cases of gcp-instance-account."""

from policies.rules.gcp.instance_account import RULE
from tests.support.policy_cases import Cases, having, on, unknown
from tests.support.policy_samples import gcp


def of(*groups: str) -> dict[str, tuple[str, ...]]:
    return {"serviceAccount": tuple(f"{gcp.ACCOUNT}::{one}" for one in groups)}


COSIGNER = "s2-cosigner-1"

CASES = Cases(
    rule=RULE,
    good=[gcp.account("cosigner"), gcp.account("sentry"), gcp.instance("sentry"), gcp.instance("cosigner")],
    fails={
        "of nobody in this stack": on(COSIGNER, having(dependencies={})),
        "another group's": on(COSIGNER, having(dependencies=of("s2-sentry"))),
        "another group's too": on(COSIGNER, having(dependencies=of("s2-cosigner", "s2-sentry"))),
        "the first instance's": on("s2-sentry-1", having(dependencies={})),
        "linked by another property": on(
            COSIGNER, having(dependencies={"bootDisk": (f"{gcp.ACCOUNT}::s2-cosigner",), "serviceAccount": ()})
        ),
    },
    passes={
        "unknown, and linked": on(COSIGNER, unknown("serviceAccount.email")),
        "linked by a part": on(
            COSIGNER, having(dependencies={"serviceAccount.email": (f"{gcp.ACCOUNT}::s2-cosigner",)})
        ),
    },
)
