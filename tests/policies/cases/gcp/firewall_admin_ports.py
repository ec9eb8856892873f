"""Cases of gcp-firewall-admin-ports."""

from policies.rules.gcp.firewall_admin_ports import RULE
from tests.support.policy_cases import Cases, all_of, drop, put
from tests.support.policy_samples import gcp

ANYWHERE = put("sourceRanges", ["0.0.0.0/0"])
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

CASES = Cases(
    rule=RULE,
    good=gcp.allowance("gateway", ports=("22",), ranges=("198.51.100.7/32",)),
    fails={
        "SSH": ANYWHERE,
        "SSH over IPv6": put("sourceRanges", ["::/0"]),
        "SSH from a /16": put("sourceRanges", ["198.51.0.0/16"]),
        "SSH from a second range": put("sourceRanges", ["198.51.100.7/32", "0.0.0.0/0"]),
        "RDP": all_of(put("allows.0.ports", ["3389"]), ANYWHERE),
        "a span with SSH": all_of(put("allows.0.ports", ["20-30"]), ANYWHERE),
        "a second span with SSH": all_of(put("allows.0.ports", ["443", "20-30"]), ANYWHERE),
        "every port": all_of(drop("allows.0.ports"), ANYWHERE),
        "all protocols": all_of(put("allows", [{"protocol": "all"}]), ANYWHERE),
        "TCP by number": all_of(put("allows.0.protocol", "6"), ANYWHERE),
        "a second entry": all_of(put("allows", [{"protocol": "icmp"}, {"protocol": "tcp", "ports": ["22"]}]), ANYWHERE),
    },
    passes={
        "another port": all_of(put("allows.0.ports", ["26656"]), ANYWHERE),
        "around them": all_of(put("allows.0.ports", ["1-21", "23-3388", "3390-65535"]), ANYWHERE),
        "ICMP": all_of(put("allows", [{"protocol": "icmp"}]), ANYWHERE),
        "UDP": all_of(put("allows.0.protocol", "udp"), ANYWHERE),
        "from the gateway": lambda _: gcp.inner_allowance(),
        "out": lambda _: gcp.allowance("gateway", ports=("22",), out=True),
        "a denial": lambda _: gcp.denial(),
    },
    defers={"a range that is unknown": put("sourceRanges", [UNKNOWN])},
)
