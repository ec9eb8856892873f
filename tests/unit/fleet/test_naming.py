"""Names fit, stay apart and never depend on anything but what they name."""

import re

import pytest

from fleet.naming import LONGEST_FLEET, LONGEST_NAME, LONGEST_STACK, account_id, cut_name, group_name
from fleet.ports import HIGHEST_SITE_ID
from fleet.roles import ROLES, Role


def test_a_name_that_fits_stays_as_it_is() -> None:
    assert cut_name("a" * LONGEST_NAME) == "a" * LONGEST_NAME


def test_a_name_that_does_not_fit_ends_with_a_hash_of_the_whole() -> None:
    one, other = cut_name("a" * 80), cut_name("a" * 81)
    assert re.fullmatch(r"a{54}-[0-9a-f]{8}", one)
    assert one != other
    assert cut_name("a" * 80) == one


@pytest.mark.parametrize("limit", range(20, 30))
def test_a_name_that_is_cut_at_a_hyphen_is_still_a_name(limit: int) -> None:
    found = cut_name("redoubt-a--b-c-d-----efghijklmnopqrstuvwxyz", limit)
    assert re.fullmatch(r"[a-z]([-a-z0-9]*[a-z0-9])?-[0-9a-f]{8}", found)
    assert "--" not in found[-10:]
    assert len(found) <= limit


@pytest.mark.parametrize("role", ROLES)
def test_service_account_ids_have_6_to_30_characters_in_the_longest_fleet(role: Role) -> None:
    for site_id in (1, HIGHEST_SITE_ID):
        found = account_id("f" * LONGEST_FLEET, "s" * LONGEST_STACK, group_name(site_id, role))
        assert re.fullmatch(r"[a-z][a-z0-9-]{4,28}[a-z0-9]", found)


def test_service_account_ids_of_fleets_and_stacks_that_share_a_project_differ() -> None:
    group = group_name(2, "validator")
    assert re.fullmatch(r"s2-validator-[0-9a-f]{8}", account_id("redoubt", "testnet", group))
    assert len({account_id(fleet, stack, group) for fleet, stack in (("a", "bc"), ("ab", "c"), ("a", "b"))}) == 3
