"""Images are looked for among their makers' own: a policy pack sees no function calls, so this holds them."""

from typing import Any

from pulumi.runtime import mocks

from ops.recording.clouds import Clouds
from ops.recording.run import run_program, stack_config
from tests.support.samples import committed

DEBIAN_ON_AWS = "136693071363"  # wiki.debian.org/Cloud/AmazonEC2Image
DEBIAN_ON_GCP = "debian-cloud"


class Asked(Clouds):
    """Keeps which functions were called, with what."""

    def __init__(self) -> None:
        super().__init__(preview=False, previous_outputs={})
        self.calls: list[tuple[str, dict[Any, Any]]] = []

    def call(self, args: mocks.MockCallArgs) -> Any:
        self.calls.append((args.token, dict(args.args)))
        return super().call(args)

    def of(self, token: str) -> list[dict[Any, Any]]:
        return [args for called, args in self.calls if called == token]


def test_an_image_is_the_newest_of_debians_own() -> None:
    asked = Asked()
    run_program(stack_config(committed("testnet")), "testnet", asked)
    on_aws, on_gcp = asked.of("aws:ec2/getAmi:getAmi"), asked.of("gcp:compute/getImage:getImage")
    assert on_aws
    assert on_gcp
    assert {tuple(one["owners"]) for one in on_aws} == {(DEBIAN_ON_AWS,)}
    assert {one["mostRecent"] for one in on_aws} == {True}
    assert {one["project"] for one in on_gcp} == {DEBIAN_ON_GCP}
