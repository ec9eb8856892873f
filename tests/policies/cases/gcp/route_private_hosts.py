"""Cases of gcp-route-private-hosts."""

from policies.rules.gcp.route_private_hosts import RULE
from tests.support.policy_cases import Cases, all_of, drop, having, on, plus, put, unknown
from tests.support.policy_samples import gcp

PUBLIC, PRIVATE = "redoubt-testnet-s2-public", "redoubt-testnet-s2-private"
HOST = "s2-cosigner-1"

CASES = Cases(
    rule=RULE,
    good=[gcp.network(), gcp.route("public"), gcp.instance("sentry"), gcp.instance("cosigner")],
    fails={
        "the public tag": on(HOST, put("tags", [PUBLIC])),
        "the public tag beside its own": on(HOST, put("tags", [PRIVATE, PUBLIC])),
        "a route for its own": on("s2-public-default", put("tags", [PUBLIC, PRIVATE])),
        "another route for its own": plus(gcp.route("private")),
        "a router without NAT": plus(gcp.route("private"), gcp.router()),
        "a route that is linked to no network of NAT": all_of(
            plus(gcp.route("private"), gcp.router(), gcp.nat()),
            on("s2-private-default", having(dependencies={})),
        ),
        "nobody's": on("s2-sentry-1", having(name="other"), drop("labels")),
    },
    passes={
        "NAT": plus(gcp.route("private"), gcp.router(), gcp.nat()),
        "no tags": on(HOST, drop("tags")),
    },
    defers={"tags unknown": on(HOST, unknown("tags"))},
)
