"""Cases of aws-instance-metadata."""

from policies.rules.aws.instance_metadata import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import aws

CASES = Cases(
    rule=RULE,
    good=aws.instance(),
    fails={
        "two hops": put("metadataOptions.httpPutResponseHopLimit", 2.0),
        "no hops": put("metadataOptions.httpPutResponseHopLimit", 0.0),
        "hops not said": drop("metadataOptions.httpPutResponseHopLimit"),
        "no options": drop("metadataOptions"),
        "IPv6": put("metadataOptions.httpProtocolIpv6", "enabled"),
        "hops of an odd shape": put("metadataOptions.httpPutResponseHopLimit", "1"),
    },
    passes={
        "IPv6 not said": drop("metadataOptions.httpProtocolIpv6"),
        "IPv6 empty": put("metadataOptions.httpProtocolIpv6", ""),
        "hops as an integer": put("metadataOptions.httpPutResponseHopLimit", 1),
    },
    defers={
        "hops unknown": unknown("metadataOptions.httpPutResponseHopLimit"),
        "IPv6 unknown": unknown("metadataOptions.httpProtocolIpv6"),
    },
)
