"""Cases of fleet-firewalled."""

from policies.rules.fleet.firewalled import RULE
from tests.support.policy_cases import Cases, on
from tests.support.policy_samples.fleet import GCP_INSTANCE, INSTANCE, fleet, linking

GROUP = "aws:ec2/securityGroup:SecurityGroup"
ACCOUNT = "gcp:serviceaccount/account:Account"

CASES = Cases(
    rule=RULE,
    good=fleet,
    fails={
        "no security group": on("s1-cosigner-1", linking("vpcSecurityGroupIds"), type=INSTANCE),
        "another role's": on("s1-cosigner-1", linking("vpcSecurityGroupIds", f"{GROUP}::s1-sentry"), type=INSTANCE),
        "another role's beside its own": on(
            "s1-cosigner-1",
            linking("vpcSecurityGroupIds", f"{GROUP}::s1-cosigner", f"{GROUP}::s1-sentry"),
            type=INSTANCE,
        ),
        "no service account": on("s2-cosigner-1", linking("serviceAccount"), type=GCP_INSTANCE),
        "another role's account": on(
            "s2-cosigner-1", linking("serviceAccount", f"{ACCOUNT}::s2-sentry"), type=GCP_INSTANCE
        ),
    },
)
