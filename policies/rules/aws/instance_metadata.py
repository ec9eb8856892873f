"""The metadata service answers the host itself alone: at most one hop away, and not over IPv6.

A hop limit that is left out takes the image's or the account's default, which can be more than 1 (EC2 user guide,
instance metadata options).
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen


def _check(instance: Seen) -> Iterator[str]:
    options = instance.block("metadataOptions")
    if options.number("httpPutResponseHopLimit") != 1:
        yield "its metadata service also answers beyond the host itself"
    if options.text("httpProtocolIpv6") not in ("", "disabled"):
        yield "its metadata service also answers over IPv6, where no host firewall rule looks for it"


RULE: Final = Rule(
    id="aws-instance-metadata",
    title="An instance's metadata service answers one hop away at most, and over IPv4 alone.",
    why="Whatever a host forwards for, a container or a tunnel, could otherwise ask the metadata service in its name.",
    remedy='set metadata_options.http_put_response_hop_limit to 1 and http_protocol_ipv6 to "disabled"',
    severity=Severity.MEDIUM,
    tags=("exposure", "identity"),
    answers=("CKV_AWS_341",),
    types=frozenset({"aws:ec2/instance:Instance"}),
    check=_check,
)
