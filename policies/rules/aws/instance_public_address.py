"""An instance takes no public address at launch; a public host has its Elastic IP, a private one has nothing.

For a public host the property stays unset: the provider reads an Elastic IP as true, and a false beside it replaces the
host after the next refresh (terraform-provider-aws#37318).
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.roles import is_public
from policies.rule import Rule, Seen


def _check(instance: Seen) -> Iterator[str]:
    given = instance.flag("associatePublicIpAddress")
    if is_public(instance):
        if given:
            yield "it takes an address of AWS's choosing at launch, beside its Elastic IP"
    elif given is not False:
        yield "it is private, and does not refuse a public address at launch"


RULE: Final = Rule(
    id="aws-instance-public-address",
    title="A private instance refuses a public address, and a public one takes none at launch.",
    why="An address that the plan does not know is one that no firewall rule was thought through for.",
    remedy="set associate_public_ip_address=False for private roles, and leave it out for gateways and sentries",
    severity=Severity.CRITICAL,
    tags=("exposure",),
    answers=("CKV_AWS_88", "AWS-0009", "ec2_instance_public_ip"),
    waivable=False,
    types=frozenset({"aws:ec2/instance:Instance"}),
    check=_check,
)
