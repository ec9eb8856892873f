"""Cases of gcp-firewall-wide-roles."""

from policies.rules.gcp.firewall_wide_roles import RULE
from tests.support.policy_cases import Cases, Change, all_of, drop, having, on, plus, put, without
from tests.support.policy_samples import gcp

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
IN = gcp.allowance("sentry")
OUT = gcp.allowance("sentry", ports=("1-65535",), ranges=("1.0.0.0/8", "2.0.0.0/7"), out=True)
FETCH = gcp.allowance("gateway", ports=("443",), ranges=("1.0.0.0/8",), out=True)
NATTED = gcp.allowance("cosigner", ports=("443",), ranges=("1.0.0.0/8",), out=True)
NAT = plus(gcp.nat(), gcp.router(), NATTED)


def target(*roles: str) -> Change:
    """Gives a firewall these roles' accounts for targets."""
    return all_of(
        put("targetServiceAccounts", [gcp.email(role) for role in roles]),
        having(
            dependencies={
                **gcp.ON_NETWORK,
                "targetServiceAccounts": tuple(f"{gcp.ACCOUNT}::s2-{role}" for role in roles),
            }
        ),
    )


CASES = Cases(
    rule=RULE,
    good=[
        gcp.network(),
        *(gcp.account(role) for role in ("sentry", "gateway", "cosigner", "validator")),
        gcp.denial(),
        IN,
        OUT,
        FETCH,
        gcp.inner_allowance(),
        gcp.allowance("cosigner", protocol="icmp", ports=(), ranges=("10.2.0.0/16",)),
    ],
    fails={
        "a gateway's p2p port": on(IN.name, target("gateway")),
        "a cosigner's p2p port": on(IN.name, target("cosigner")),
        "a cosigner's beside a sentry's": on(IN.name, target("sentry", "cosigner")),
        "nobody's": on(IN.name, target()),
        "everybody's": on(IN.name, drop("targetServiceAccounts")),
        "an account of elsewhere beside it": on(
            IN.name, put("targetServiceAccounts", [gcp.email("sentry"), "x@other.iam.gserviceaccount.com"])
        ),
        "an account of elsewhere": on(IN.name, having(dependencies=gcp.ON_NETWORK)),
        "UDP at a sentry": on(IN.name, put("allows.0.protocol", "udp")),
        "over IPv6": on(IN.name, target("gateway"), put("sourceRanges", ["2001:db8::/32"])),
        "HTTPS at a gateway": on(IN.name, target("gateway"), put("allows.0.ports", ["443"])),
        "in a second entry": on(IN.name, put("allows", [{"protocol": "icmp"}, {"protocol": "all"}])),
        "a sentry's UDP out": on(OUT.name, put("allows.0.protocol", "udp")),
        "a sentry's ICMP out": on(OUT.name, put("allows", [{"protocol": "icmp"}])),
        "a gateway out at another port": on(FETCH.name, put("allows.0.ports", ["80"])),
        "a gateway out at two ports": on(FETCH.name, put("allows.0.ports", ["443", "80"])),
        "a gateway out by UDP": on(FETCH.name, put("allows.0.protocol", "udp")),
        "a cosigner out": on(FETCH.name, target("cosigner")),
        "everybody out": on(FETCH.name, target()),
        "out to everywhere for want of a range": on(FETCH.name, target("cosigner"), drop("destinationRanges")),
        "NAT in no network of the stack": all_of(NAT, on("s2-nat", having(dependencies={}), type=gcp.ROUTER)),
        "a router without NAT": plus(gcp.router(), NATTED),
        "a NAT without router": all_of(NAT, without("s2-nat", type=gcp.ROUTER)),
        "a NAT in another network": all_of(
            plus(gcp.nat(), gcp.router()),
            on("s2-nat", having(dependencies={"network": (f"{gcp.NETWORK}::s3",)}), type=gcp.ROUTER),
            plus(NATTED, type(gcp.network())(type=gcp.NETWORK, name="s3", props={})),
        ),
        "everybody out by NAT": all_of(NAT, on(NATTED.name, target())),
        "a cosigner out by NAT at another port": all_of(NAT, on(NATTED.name, put("allows.0.ports", ["80"]))),
    },
    passes={
        "a cosigner out by NAT": NAT,
        "a sentry and a gateway by HTTPS": on(FETCH.name, target("sentry", "gateway")),
        "a gateway open to a peer": on(IN.name, target("gateway"), put("sourceRanges", ["198.51.100.7/32"])),
        "a cosigner out to the gateway": plus(
            gcp.allowance("cosigner", ports=("3128",), ranges=("10.2.0.10/32",), out=True)
        ),
        "ICMP at a gateway": on(IN.name, target("gateway"), put("allows", [{"protocol": "icmp"}])),
        "accounts that are unknown": on(IN.name, put("targetServiceAccounts", [UNKNOWN])),
    },
    defers={
        "a gateway open to a range that is unknown": on(IN.name, target("gateway"), put("sourceRanges", [UNKNOWN])),
    },
)
