"""Cases of gcp-instance-private."""

from policies.rules.gcp.instance_private import RULE
from tests.support.policy_cases import Cases, all_of, drop, having, put, unknown
from tests.support.policy_samples import gcp

INTERFACE = gcp.instance().props["networkInterfaces"][0]
PUBLIC = put("networkInterfaces.0.accessConfigs", [{"natIp": "198.18.55.182"}])

CASES = Cases(
    rule=RULE,
    good=gcp.instance("cosigner"),
    fails={
        "an IPv4 address": PUBLIC,
        "an IPv4 address that is unknown": put(
            "networkInterfaces.0.accessConfigs", [{"natIp": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}]
        ),
        "any IPv4 address": put("networkInterfaces.0.accessConfigs", [{}]),
        "an IPv6 address": put("networkInterfaces.0.ipv6AccessConfigs", [{"networkTier": "PREMIUM"}]),
        "on the second interface": put("networkInterfaces", [INTERFACE, {**INTERFACE, "accessConfigs": [{}]}]),
        "a validator": all_of(having(name="s2-validator-1"), put("labels", gcp.labels("validator")), PUBLIC),
        "a monitor": all_of(having(name="s2-monitor-1"), put("labels", gcp.labels("monitor")), PUBLIC),
        "no role": all_of(having(name="other"), drop("labels"), PUBLIC),
        "interfaces of an odd shape": put("networkInterfaces", "default"),
    },
    passes={
        "a sentry": all_of(put("labels", gcp.labels("sentry")), PUBLIC),
        "a gateway": all_of(put("labels", gcp.labels("gateway")), PUBLIC),
        "empty lists": all_of(
            put("networkInterfaces.0.accessConfigs", []), put("networkInterfaces.0.ipv6AccessConfigs", [])
        ),
    },
    defers={
        "IPv4 unknown": unknown("networkInterfaces.0.accessConfigs"),
        "interfaces unknown": unknown("networkInterfaces"),
    },
)
