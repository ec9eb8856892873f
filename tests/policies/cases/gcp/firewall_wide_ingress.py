"""Cases of gcp-firewall-wide-ingress."""

from policies.rules.gcp.firewall_wide_ingress import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import gcp

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
METRICS = put("allows.0.ports", ["26660"])
P2P = {"protocol": "tcp", "ports": ["26656"]}

CASES = Cases(
    rule=RULE,
    good=gcp.allowance(),
    fails={
        "another port": METRICS,
        "another port beside it": put("allows.0.ports", ["26656", "26660"]),
        "a span around it": put("allows.0.ports", ["26656-26657"]),
        "every port": drop("allows.0.ports"),
        "every port, written so": put("allows.0.ports", []),
        "a port that cannot be read": put("allows.0.ports", ["p2p"]),
        "the port over UDP": put("allows.0.protocol", "udp"),
        "the port over TCP by number": put("allows.0.protocol", "6"),
        "all protocols": put("allows", [{"protocol": "all"}]),
        "in a second entry": put("allows", [P2P, {"protocol": "udp", "ports": ["51820"]}]),
        "to an IPv6 range": all_of(METRICS, put("sourceRanges", ["::/0"])),
        "to a wide part of IPv6": all_of(METRICS, put("sourceRanges", ["2001:db8::/32"])),
        "to half of IPv4": all_of(METRICS, put("sourceRanges", ["128.0.0.0/1"])),
        "to a wide range behind a narrow one": all_of(METRICS, put("sourceRanges", ["198.51.100.7/32", "0.0.0.0/0"])),
        "to a wide range behind an unknown one": all_of(METRICS, put("sourceRanges", [UNKNOWN, "0.0.0.0/0"])),
        "to what is no range": all_of(METRICS, put("sourceRanges", ["anywhere"])),
        "to everybody for want of a peer": all_of(METRICS, drop("sourceRanges")),
        "with no direction": all_of(METRICS, drop("direction")),
        "an odd shape": put("allows", ["all"]),
    },
    passes={
        "in capitals": put("allows.0.protocol", "TCP"),
        "ICMP": put("allows", [{"protocol": "icmp"}]),
        "a span of one": put("allows.0.ports", ["26656-26656"]),
        "another port for a peer": all_of(METRICS, put("sourceRanges", ["198.51.100.7/32"])),
        "another port for a group": lambda _: gcp.inner_allowance(),
        "another port for a tag": all_of(METRICS, drop("sourceRanges"), put("sourceTags", ["x"])),
        "out": lambda _: gcp.allowance(protocol="udp", out=True),
        "a denial": lambda _: gcp.denial(),
        "the port for ranges that are unknown": unknown("sourceRanges"),
    },
    defers={
        "another port for a range that is unknown": all_of(METRICS, put("sourceRanges", [UNKNOWN])),
        "ports unknown": unknown("allows.0.ports"),
    },
)
