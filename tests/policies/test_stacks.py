"""Both stacks pass with no waiver, with everything known and as a first preview sees them."""

from collections.abc import Callable
from typing import Any

import pytest

from policies import waivers
from policies.catalogue import RULES
from tests.support.recorded_policy import judged, recorded
from tests.support.samples import Config, changed, committed, on_aws


@pytest.mark.parametrize("preview", [False, True], ids=["known", "first-preview"])
@pytest.mark.parametrize("stack", ["testnet", "mainnet"])
def test_a_stack_passes_with_no_waiver(stack: str, *, preview: bool) -> None:
    violations, deferrals = judged(RULES, recorded(committed(stack), stack, preview=preview))
    assert violations == []
    assert preview or deferrals == []


def site(index: int, **fields: Any) -> Callable[[Config], object]:
    return lambda config: config["sites"][index].update(fields)


VARIANTS: dict[str, Callable[[Config], object]] = {
    "NAT on GCP": site(1, egress="nat"),
    "NAT on DigitalOcean": site(2, egress="nat"),
    "everything sealed": site(0, egress="sealed"),
    "a retired fleet": lambda config: config.update(retire=True),
    **{
        f"{host} let go": lambda config, host=host: config.update(let_go=[host])
        for host in (
            "s1-cosigner-1",
            "s2-gateway-1",
            "s2-cosigner-1",
            "s3-gateway-1",
            "s3-cosigner-1",
        )
    },
    "another name": lambda config: config.update(name="other"),
    "monitors": site(0, monitors=1),
    "more sentries": site(2, sentries=3),
    "a retired sentry": site(0, sentries={"count": 2, "retired": [1]}),
    "one provider, accepted in writing": on_aws,
}


@pytest.mark.parametrize("preview", [False, True], ids=["known", "first-preview"])
@pytest.mark.parametrize("variant", VARIANTS)
def test_what_the_plan_allows_passes(variant: str, *, preview: bool) -> None:
    config = changed(committed("testnet"), VARIANTS[variant])
    violations, deferrals = judged(RULES, recorded(config, "testnet", preview=preview))
    assert violations == []
    assert preview or deferrals == []


def test_there_is_no_waiver() -> None:
    assert "\nwaivers: []\n" in waivers.FILE.read_text()
