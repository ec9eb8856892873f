"""Providers are found, not listed, and facts that contradict each other are refused where they are stated."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fleet import providers
from fleet.discovery import PROVIDERS, discovered
from fleet.facts import Sizes
from fleet.plan import plan
from fleet.problems import FleetError
from tests.support.samples import changed, four_providers


def test_every_module_of_the_package_is_a_provider() -> None:
    (folder,) = providers.__path__
    found = {path.stem for path in Path(folder).iterdir() if not path.name.startswith("_")}
    assert list(PROVIDERS) == sorted(found)


@pytest.mark.parametrize("text", ["", "FACTS = None\n", "from fleet.providers.aws import FACTS\n"])
def test_a_module_that_states_no_facts_of_its_own_is_refused(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"other{len(text)}"
    (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.setattr(providers, "__path__", [*providers.__path__, str(tmp_path)])
    with pytest.raises(ValueError, match=f"fleet.providers.{name} has no FACTS of a provider {name}"):
        discovered()


CONTRADICTIONS: dict[str, tuple[str, dict[str, Any], str]] = {
    "another's site": ("aws", {"name": "other"}, "the field provider"),
    "zones that a site cannot name": ("digitalocean", {"zones": PROVIDERS["aws"].zones}, "from ZonedSite"),
    "a site with zones that there are not": ("gcp", {"zones": None}, "else from CloudSite"),
    "subnets by zones that there are not": ("digitalocean", {"subnets": "zone"}, "need zones"),
    "an address of ours without a subnet": ("digitalocean", {"chooses_private_addresses": False}, "needs a subnet"),
    "a role without a size": ("aws", {"machines": {}}, "a default size for each"),
    "a default that is not known": (
        "aws",
        {"sizes": Sizes(called="type", known=frozenset({"t3.small"}))},
        "from those that are known",
    ),
}


@pytest.mark.parametrize("name", sorted(CONTRADICTIONS))
def test_facts_that_contradict_each_other_are_refused(name: str) -> None:
    provider, change, remedy = CONTRADICTIONS[name]
    with pytest.raises(ValueError, match=remedy):
        replace(PROVIDERS[provider], **change)


def test_a_range_that_is_too_wide_is_refused_and_not_tripped_over() -> None:
    wide = changed(four_providers(), lambda c: c["sites"][0].update(cidr="10.0.0.0/8"))
    with pytest.raises(FleetError, match=r"first narrow the widest range, 10\.0\.0\.0/8"):
        plan(wide, "testnet")
