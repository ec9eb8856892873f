"""What AWS answers."""

from collections.abc import Mapping
from typing import Final

from pulumi.runtime import mocks

from ops.recording.answers import Properties, PublicAddresses

ACCOUNT: Final = "123456789012"


class Answers:
    """The answers of one run."""

    calls: Mapping[str, Properties] = {
        "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ACCOUNT},
        "aws:ec2/getAmi:getAmi": {"id": "ami-0123456789abcdef0"},
    }

    def __init__(self, addresses: PublicAddresses):
        self._addresses = addresses

    def resource(self, args: mocks.MockResourceArgs, inputs: Properties) -> Properties:
        """ARNs and key ids for all, since the ones that have them differ by type alone."""
        made = {"arn": f"arn:aws:mock::{ACCOUNT}:{args.name}", "keyId": f"{args.name}-key"}
        if args.typ == "aws:ec2/eip:Eip":
            made["publicIp"] = self._addresses.of(f"{args.typ} {args.name}")
        return {name: value for name, value in made.items() if name not in inputs}
