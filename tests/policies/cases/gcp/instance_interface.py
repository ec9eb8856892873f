"""Cases of gcp-instance-interface."""

from policies.rules.gcp.instance_interface import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import gcp

INTERFACE = gcp.instance().props["networkInterfaces"][0]

CASES = Cases(
    rule=RULE,
    good=gcp.instance(),
    fails={
        "forwarding": put("canIpForward", True),
        "two interfaces": put("networkInterfaces", [INTERFACE, INTERFACE]),
        "no interface": put("networkInterfaces", []),
        "interfaces left out": drop("networkInterfaces"),
        "alias ranges": put("networkInterfaces.0.aliasIpRanges", [{"ipCidrRange": "/24"}]),
        "another project's network": put(
            "networkInterfaces.0.networkAttachment", "projects/other/networkAttachments/a"
        ),
        "forwarding of an odd shape": put("canIpForward", "true"),
    },
    passes={
        "forwarding left out": drop("canIpForward"),
        "an address that is unknown": unknown("networkInterfaces.0.networkIp"),
        "no alias ranges": put("networkInterfaces.0.aliasIpRanges", []),
    },
    defers={"forwarding unknown": unknown("canIpForward"), "interfaces unknown": unknown("networkInterfaces")},
)
