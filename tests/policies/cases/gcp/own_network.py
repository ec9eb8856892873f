"""Cases of gcp-own-network."""

from policies.rules.gcp.own_network import RULE
from tests.support.policy_cases import Cases, having, on, unknown
from tests.support.policy_samples import gcp

ALONE = having(dependencies={})

CASES = Cases(
    rule=RULE,
    good=[
        gcp.network(),
        gcp.subnetwork(),
        gcp.denial(),
        gcp.route(),
        gcp.router(),
        gcp.instance(),
    ],
    fails={
        "a subnet": on("s2-private", ALONE),
        "a firewall": on("s2-deny-ingress-ipv4", ALONE),
        "a route": on("s2-public-default", ALONE),
        "a router": on("s2-nat", ALONE),
        "a host": on("s2-cosigner-1", ALONE),
        "a host linked to an address alone": on(
            "s2-cosigner-1", having(dependencies={"networkInterfaces": (f"{gcp.NETWORK}::s2",)})
        ),
    },
    passes={
        "the network's id unknown": on("s2-private", unknown("network")),
        "linked by a part": on(
            "s2-cosigner-1",
            having(dependencies={"networkInterfaces[0].subnetwork": (f"{gcp.SUBNETWORK}::s2-private",)}),
        ),
    },
)
