"""Cases of gcp-firewall-protocols."""

from policies.rules.gcp.firewall_protocols import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import gcp

CASES = Cases(
    rule=RULE,
    good=gcp.allowance(),
    fails={
        "all": put("allows", [{"protocol": "all"}]),
        "ESP": put("allows", [{"protocol": "esp"}]),
        "a number": put("allows.0.protocol", "6"),
        "no protocol": put("allows", [{}]),
        "every TCP port": drop("allows.0.ports"),
        "every TCP port, written so": put("allows.0.ports", []),
        "every UDP port": put("allows", [{"protocol": "udp"}]),
        "in a second entry": put("allows", [{"protocol": "icmp"}, {"protocol": "all"}]),
        "out": lambda _: put("allows", [{"protocol": "all"}])(gcp.allowance(out=True)),
    },
    passes={
        "ICMP": put("allows", [{"protocol": "icmp"}]),
        "UDP": put("allows.0.protocol", "UDP"),
        "a denial of all": lambda _: gcp.denial(),
    },
    defers={"ports unknown": unknown("allows.0.ports"), "all unknown": unknown("allows")},
)
