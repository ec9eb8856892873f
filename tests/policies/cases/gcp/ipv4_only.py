"""Cases of gcp-ipv4-only."""

from policies.rules.gcp.ipv4_only import RULE
from tests.support.policy_cases import Cases, Change, Sample, all_of, drop, put, unknown
from tests.support.policy_samples import gcp

INTERFACE = gcp.instance().props["networkInterfaces"][0]
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def of(sample: Sample, *changes: Change) -> Change:
    """Another sample, changed."""
    return lambda _: all_of(*changes)(sample)


CASES = Cases(
    rule=RULE,
    good=gcp.subnetwork(),
    fails={
        "both": put("stackType", "IPV4_IPV6"),
        "IPv6 alone": put("stackType", "IPV6_ONLY"),
        "a kind of IPv6 access": put("ipv6AccessType", "INTERNAL"),
        "an IPv6 range beside an IPv4 one": put("secondaryIpRanges", [{"ipVersion": "IPV4"}, {"ipVersion": "IPV6"}]),
        "a network's range": of(gcp.network(), put("enableUlaInternalIpv6", True)),
        "a network's own range": of(gcp.network(), put("internalIpv6Range", "fd20:1::/48")),
        "a host": of(gcp.instance(), put("networkInterfaces.0.stackType", "IPV4_IPV6")),
        "a host's second interface": of(
            gcp.instance(), put("networkInterfaces", [INTERFACE, {**INTERFACE, "stackType": "IPV6_ONLY"}])
        ),
        "a host's public IPv6": of(gcp.instance(), put("networkInterfaces.0.ipv6AccessConfigs", [{}])),
        "a host's address": of(gcp.instance(), put("networkInterfaces.0.ipv6Address", "fd20:1::1")),
        "a host's alias": of(gcp.instance(), put("networkInterfaces.0.aliasIpv6Ranges", [{}])),
        "an address": of(gcp.public_address(), put("ipVersion", "IPV6")),
        "a route": of(gcp.route(), put("destRange", "::/0")),
        "a firewall in": of(gcp.allowance(), put("sourceRanges", ["::/0"])),
        "a firewall in, behind an IPv4 range": of(
            gcp.allowance(), put("sourceRanges", ["10.2.0.0/16", "2001:db8::/48"])
        ),
        "a firewall in, behind an unknown range": of(gcp.allowance(), put("sourceRanges", [UNKNOWN, "2001:db8::/48"])),
        "a firewall out": of(gcp.allowance(out=True), put("destinationRanges", ["2001:db8::1/128"])),
        "an odd shape": put("stackType", ["IPV4_ONLY"]),
    },
    passes={
        "left out": drop("stackType"),
        "an IPv4 range": put("secondaryIpRanges", [{"rangeName": "a"}]),
        "a network": of(gcp.network()),
        "a network, left out": of(gcp.network(), drop("enableUlaInternalIpv6")),
        "a host": of(gcp.instance()),
        "a host, left out": of(gcp.instance(), drop("networkInterfaces.0.stackType")),
        "an address": of(gcp.public_address(), put("ipVersion", "IPV4")),
        "an address, left out": of(gcp.private_address()),
        "a route": of(gcp.route()),
        "a firewall": of(gcp.allowance()),
        "a firewall without ranges": of(gcp.inner_allowance()),
        "a denial of IPv6": of(gcp.denial("egress", "::/0")),
    },
    defers={"unknown": unknown("stackType"), "a range unknown": of(gcp.allowance(), put("sourceRanges", [UNKNOWN]))},
)
