"""Cases of aws-instance-plain."""

from policies.rules.aws.instance_plain import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import aws

CASES = Cases(
    rule=RULE,
    good=aws.instance(),
    fails={
        "routes for others": put("sourceDestCheck", False),
        "launch template": put("launchTemplate", {"id": "lt-0123456789abcdef0"}),
        "interfaces": put("networkInterfaces", [{"deviceIndex": 0.0, "networkInterfaceId": "eni-0123456789abcdef0"}]),
        "primary interface": put("primaryNetworkInterface", {"networkInterfaceId": "eni-0123456789abcdef0"}),
        "secondary interfaces": put("secondaryNetworkInterfaces", [{"networkCardIndex": 1.0}]),
        "groups by name": put("securityGroups", ["default"]),
        "routes for others, template unknown": all_of(put("sourceDestCheck", False), unknown("launchTemplate")),
        "check of an odd shape": put("sourceDestCheck", "off"),
    },
    passes={
        "check not said": drop("sourceDestCheck"),
        "all empty": all_of(
            put("launchTemplate", {}),
            put("networkInterfaces", []),
            put("securityGroups", []),
            put("userDataBase64", ""),
        ),
    },
    defers={"template unknown": unknown("launchTemplate"), "interfaces unknown": unknown("networkInterfaces")},
)
