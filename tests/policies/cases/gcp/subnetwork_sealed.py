"""Cases of gcp-subnetwork-sealed."""

from policies.rules.gcp.subnetwork_sealed import RULE
from tests.support.policy_cases import Cases, all_of, drop, having, on, plus, put, unknown
from tests.support.policy_samples import gcp

ACCESS = on("s2-private", put("privateIpGoogleAccess", True))

CASES = Cases(
    rule=RULE,
    good=[gcp.network(), gcp.subnetwork("public"), gcp.subnetwork("private")],
    fails={
        "access": ACCESS,
        "access of the first": on("s2-public", put("privateIpGoogleAccess", True)),
        "access over IPv6": on("s2-private", put("privateIpv6GoogleAccess", "ENABLE_OUTBOUND_VM_ACCESS_TO_GOOGLE")),
        "access over IPv6 beside NAT": all_of(
            plus(gcp.router(), gcp.nat()),
            on("s2-private", put("privateIpv6GoogleAccess", "ENABLE_BIDIRECTIONAL_ACCESS_TO_GOOGLE")),
        ),
        "NAT elsewhere": all_of(
            ACCESS, plus(gcp.router(), gcp.nat()), on("s2-nat", having(dependencies={}), type=gcp.ROUTER)
        ),
        "a router without NAT": all_of(ACCESS, plus(gcp.router())),
        "in no network of the stack": all_of(
            ACCESS, plus(gcp.router(), gcp.nat()), on("s2-private", having(dependencies={}))
        ),
        "an odd shape": on("s2-private", put("privateIpGoogleAccess", "false")),
    },
    passes={
        "beside NAT": all_of(ACCESS, plus(gcp.router(), gcp.nat())),
        "left out": on("s2-private", drop("privateIpGoogleAccess")),
        "IPv6 said to be off": on("s2-private", put("privateIpv6GoogleAccess", "DISABLE_GOOGLE_ACCESS")),
    },
    defers={"unknown": on("s2-private", unknown("privateIpGoogleAccess"))},
)
