"""Both stacks pass with no waiver, with everything known and as a first preview sees them."""

import pytest

from policies import waivers
from policies.catalogue import RULES
from tests.support.recorded_policy import judged, recorded
from tests.support.samples import committed


@pytest.mark.parametrize("preview", [False, True], ids=["known", "first-preview"])
@pytest.mark.parametrize("stack", ["testnet", "mainnet"])
def test_a_stack_passes_with_no_waiver(stack: str, *, preview: bool) -> None:
    violations, deferrals = judged(RULES, recorded(committed(stack), stack, preview=preview))
    assert violations == []
    assert preview or deferrals == []


def test_there_is_no_waiver() -> None:
    assert "\nwaivers: []\n" in waivers.FILE.read_text()
