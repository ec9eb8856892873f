"""The program on three AWS regions, run once for all tests: not to be changed."""

from functools import cache

from tests.support.mocked import Recording, run_program
from tests.support.samples import aws_testnet


@cache
def recorded(*, preview: bool) -> Recording:
    """The recording, with known or with unknown outputs."""
    return run_program(aws_testnet(), preview=preview)
