"""Cases of gcp-network-deny-all."""

from dataclasses import replace

from policies.rules.gcp.network_deny_all import RULE
from tests.support.policy_cases import Cases, drop, having, on, plus, put, unknown, without
from tests.support.policy_samples import gcp

IN, OUT = "s2-deny-ingress-ipv4", "s2-deny-egress-ipv4"

CASES = Cases(
    rule=RULE,
    good=[gcp.network(), gcp.denial("ingress"), gcp.denial("egress"), gcp.denial("egress", "::/0"), gcp.allowance()],
    fails={
        "nothing in": without(IN),
        "nothing out": without(OUT),
        "neither": lambda _: [gcp.network()],
        "off": on(OUT, put("disabled", True)),
        "for some tags": on(OUT, put("targetTags", ["x"])),
        "for some accounts": on(IN, put("targetServiceAccounts", [gcp.email("sentry")])),
        "in, towards some addresses": on(IN, put("destinationRanges", ["10.2.0.0/16"])),
        "out, from some addresses": on(OUT, put("sourceRanges", ["10.2.0.0/16"])),
        "half of the Internet": on(OUT, put("destinationRanges", ["0.0.0.0/1"])),
        "half of the Internet comes in": on(IN, put("sourceRanges", ["0.0.0.0/1"])),
        "TCP alone": on(OUT, put("denies", [{"protocol": "tcp"}])),
        "allowed instead": on(OUT, put("allows", [{"protocol": "all"}]), drop("denies")),
        "the other way": on(OUT, put("direction", "INGRESS")),
        "in another network": on(OUT, having(dependencies={})),
        "a second network": plus(replace(gcp.network(), name="s3")),
    },
    passes={
        "TCP first, then all": on(OUT, put("denies", [{"protocol": "tcp"}, {"protocol": "ALL"}])),
        "no direction said": on(IN, drop("direction")),
        "one that is off beside it": plus(replace(put("disabled", True)(gcp.denial()), name="more")),
        "network unknown": on(OUT, unknown("network")),
        "no network": lambda _: [gcp.allowance()],
    },
    defers={"ranges unknown": on(OUT, unknown("destinationRanges"))},
)
