"""What toycloud answers."""

from collections.abc import Mapping

from pulumi.runtime import mocks

from ops.recording.answers import Properties, PublicAddresses


class Answers:
    """The answers of one run."""

    calls: Mapping[str, Properties] = {}

    def __init__(self, addresses: PublicAddresses):
        self._addresses = addresses

    def resource(self, args: mocks.MockResourceArgs, inputs: Properties) -> Properties:
        """Addresses; all else has an id and nothing more."""
        return (
            {"address": self._addresses.of(f"{args.typ} {args.name}")}
            if args.typ == "toycloud:index/address:Address"
            else {}
        )
