"""The table of moves: what it says of old places, what it refuses, and that no refactoring forgets it."""

from dataclasses import replace

import pulumi
import pytest

from components import moved
from components.moved import Claims, Move, Place, former_places, problems
from tests.support import golden, kept_urns
from tests.support.mocked import Recording, run_program
from tests.support.samples import small

GROUP = Move(since="0.4.0", type="redoubt:aws:Quorum", was="redoubt:aws:Site$redoubt:aws:CosignerGroup")
RENAMED = replace(GROUP, name=r"(s\d+)-signers", was_name=r"\1-cosigner")
INSTANCE = "aws:ec2/instance:Instance"
FORGOTTEN = (
    "of these URNs, which fleets have, the program knows nothing any more: it would replace the resources. Where they were "
    "moved, renamed or changed their type, add an entry to MOVES in components/moved.py (docs/upgrading.md)"
)


def test_a_component_that_changed_parent_type_and_name_is_found_where_it_was() -> None:
    now = Place("redoubt:aws:Site$redoubt:aws:Signers$redoubt:aws:Quorum", "s1-signers")
    was = Place("redoubt:aws:Site$redoubt:aws:CosignerGroup", "s1-cosigner")
    assert former_places([RENAMED], now, ())[0] == was
    child = Place(f"{now.types}${INSTANCE}", "s1-cosigner-1")
    assert former_places([RENAMED], child, [was]) == (Place(f"{was.types}${INSTANCE}", "s1-cosigner-1"),)


def test_a_change_below_a_parent_that_moved_first_is_found_under_the_new_parent() -> None:
    """As the engine leaves it when the update that did both was cut off."""
    found = former_places([RENAMED], Place("redoubt:aws:Site$redoubt:aws:Signers$redoubt:aws:Quorum", "s1-signers"), ())
    assert found[1:] == (Place("redoubt:aws:Site$redoubt:aws:Signers$redoubt:aws:CosignerGroup", "s1-cosigner"),)


def test_an_entry_is_about_its_own_type_and_names_alone() -> None:
    assert former_places([RENAMED], Place("redoubt:aws:Site$redoubt:aws:Quorum", "s1-others"), ()) == ()
    assert former_places([RENAMED], Place("redoubt:gcp:Site$redoubt:gcp:Quorum", "s1-signers"), ()) == ()


def test_two_moves_of_one_thing_are_both_followed() -> None:
    first = Move(since="0.3.0", type="t:a:B", was="t:a:A", name="x-b", was_name="x-a")
    second = Move(since="0.4.0", type="t:a:C", was="t:a:P$t:a:B", name="x-c", was_name="x-b")
    assert former_places([first, second], Place("t:a:C", "x-c"), ()) == (
        Place("t:a:P$t:a:B", "x-b"),
        Place("t:a:A", "x-a"),
    )


def test_a_renaming_is_applied_once() -> None:
    renamed = Move(since="0.3.0", type="t:a:A", was="t:a:A", was_name=r"\g<0>-old")
    assert former_places([renamed], Place("t:a:A", "x"), ()) == (Place("t:a:A", "x-old"),)


def test_a_thing_that_went_back_is_not_its_own_alias() -> None:
    there = Move(since="0.3.0", type="t:a:B", was="t:a:A")
    back = Move(since="0.4.0", type="t:a:A", was="t:a:B")
    assert former_places([there, back], Place("t:a:A", "x"), ()) == (Place("t:a:B", "x"),)


def test_a_parent_and_its_child_that_moved_in_different_releases_are_found_in_all_states_between() -> None:
    child = Move(since="0.3.0", type="t:a:New", was="t:a:Site$t:a:Old")
    parents = [Place("t:a:Site", "s1")]
    found = former_places([child], Place("t:a:Place$t:a:New", "s1-x"), parents)
    assert {one.types for one in found} == {"t:a:Site$t:a:Old", "t:a:Site$t:a:New", "t:a:Place$t:a:Old"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"since": "next"}, "is no release"),
        ({"type": "CosignerGroup"}, "is no type token"),
        ({"was": "redoubt:aws:Site/redoubt:aws:X"}, "is no type token"),
        ({"was": "pulumi:pulumi:Stack$redoubt:aws:Site"}, "is in no URN"),
        ({"name": "(", "was_name": "x"}, "is no regular expression"),
        ({"was_name": r"\1-cosigner"}, "names a group that name '' has not"),
    ],
)
def test_a_wrong_entry_is_named_with_its_fault(changes: dict[str, str], message: str) -> None:
    assert problems([GROUP, RENAMED]) == []
    (found,) = problems([replace(GROUP, **changes)])
    assert found.startswith("MOVES[0]")
    assert message in found


def test_two_entries_about_one_old_place_are_refused() -> None:
    assert "two entries are about what was" in problems([GROUP, replace(GROUP, type="redoubt:aws:Other")])[0]


def test_entries_are_added_at_the_end() -> None:
    assert "added at the end" in problems([GROUP, replace(RENAMED, since="0.3.9")])[0]


@pytest.mark.parametrize("resource_first", [True, False])
def test_the_place_of_a_resource_that_still_exists_is_refused(resource_first: bool) -> None:
    claims, other, moved_here = Claims(), Place("t:a:A", "x"), Place("t:a:B", "x")
    first, second = (other, ()), (moved_here, (other,))
    if not resource_first:
        first, second = second, first
    claims.add(*first)
    with pytest.raises(pulumi.RunError, match="which still exists\n  remedy: correct MOVES"):
        claims.add(*second)


def test_two_resources_that_say_they_were_the_same_are_refused() -> None:
    claims, old = Claims(), Place("t:a:A", "x")
    claims.add(Place("t:a:B", "x"), (old,))
    with pytest.raises(pulumi.RunError, match="both t:a:B::x and t:a:C::x are said to have been t:a:A::x"):
        claims.add(Place("t:a:C", "x"), (old,))


def sent(recording: Recording) -> dict[Place, int]:
    return {kept_urns.place(one.urn): one.aliases for one in recording.resources}


def test_what_is_below_a_moved_component_is_sent_with_its_own_aliases(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = sent(run_program(small()))
    entry = Move(since="0.4.0", type="redoubt:aws:CosignerGroup", was="redoubt:aws:Site$redoubt:aws:Quorum")
    monkeypatch.setattr(moved, "MOVES", (entry,))
    for _ in range(2):  # a second run in the same process is a run of its own
        now = sent(run_program(small()))
        assert now.keys() == plain.keys()
        more = {place for place, count in now.items() if count == plain[place] + 1}
        assert more == {place for place in now if "redoubt:aws:CosignerGroup" in place.types.split("$")}
        assert sum(now.values()) == sum(plain.values()) + len(more)


def test_an_entry_about_two_resources_is_refused_by_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Move(since="0.4.0", type="redoubt:aws:CosignerGroup", was="redoubt:aws:Site$redoubt:aws:G", was_name="g")
    monkeypatch.setattr(moved, "MOVES", (one,))
    with pytest.raises(
        pulumi.RunError, match=r"both .* and .* are said to have been redoubt:aws:Site\$redoubt:aws:G::g"
    ):
        run_program(small())


def test_a_wrong_table_is_refused_by_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moved, "MOVES", (replace(GROUP, was="x"),))
    with pytest.raises(pulumi.RunError, match=r"MOVES\[0\]"):
        run_program(small())


def test_an_empty_table_costs_nothing() -> None:
    assert bool(moved.transformations()) is bool(moved.MOVES)


def test_a_site_and_its_provider_can_be_moved_too(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = sent(run_program(small()))
    site = Move(since="0.4.0", type="redoubt:aws:Site", was="redoubt:aws:Region")
    provider = Move(
        since="0.4.0", type="pulumi:providers:aws", was="pulumi:providers:aws", name="(s1)-aws", was_name=r"\1"
    )
    monkeypatch.setattr(moved, "MOVES", (site, provider))
    now = sent(run_program(small()))
    more = {place for place, count in now.items() if count > plain[place]}
    assert Place("pulumi:providers:aws", "s1-aws") in more
    assert {place for place in now if place.types.startswith("redoubt:aws:Site")} <= more


def test_the_table_is_a_good_one() -> None:
    assert problems(moved.MOVES) == []


@pytest.mark.parametrize("fleet", sorted(kept_urns.FLEETS))
def test_nothing_that_fleets_have_is_forgotten(fleet: str) -> None:
    run = kept_urns.FLEETS[fleet]()
    lost = kept_urns.lost(kept_urns.read()[fleet], run, moved.MOVES)
    aside = f"; where they shall be deleted, take them out of {kept_urns.FILE.name} and say so in CHANGELOG.md"
    assert not lost, "\n  ".join([FORGOTTEN + aside, *map(str, lost)])
    new = sorted(set(kept_urns.kept(run)) - set(kept_urns.read()[fleet]))
    assert not new, "\n  ".join(["new URNs, add them: python -m tests.support.kept_urns", *map(str, new)])


@pytest.mark.parametrize("fleet", sorted(kept_urns.FLEETS))
def test_no_golden_urn_disappears_without_an_alias(fleet: str) -> None:
    """Rules of firewalls too, until `python -m tests.support.golden` is run."""
    lines = (golden.FOLDER / f"{fleet}.resources.txt").read_text().splitlines()
    before = [kept_urns.place(line.split(" ")[0]) for line in lines]
    lost = kept_urns.lost(before, kept_urns.FLEETS[fleet](), moved.MOVES)
    assert not lost, "\n  ".join([FORGOTTEN, *map(str, lost)])


@pytest.mark.parametrize("fleet", sorted(kept_urns.FLEETS))
def test_no_entry_names_a_place_that_is_taken(fleet: str) -> None:
    claims = Claims()
    formers: dict[str, tuple[Place, ...]] = {}
    for one in kept_urns.FLEETS[fleet]().resources:
        now = kept_urns.place(one.urn)
        formers[one.urn] = former_places(moved.MOVES, now, formers.get(one.parent, ()))
        claims.add(now, formers[one.urn])


def test_a_forgotten_entry_is_noticed() -> None:
    """The guard can fail: a component that changed its type is lost with all below it, and found by its entry."""
    run = kept_urns.FLEETS["testnet"]()
    before = [
        Place(one.types.replace("redoubt:aws:CosignerGroup", "redoubt:aws:Before"), one.name)
        for one in kept_urns.kept(run)
    ]
    lost = kept_urns.lost(before, run, ())
    assert len(lost) == sum("redoubt:aws:CosignerGroup" in one.types for one in kept_urns.kept(run)) > 3
    entry = Move(since="0.4.0", type="redoubt:aws:CosignerGroup", was="redoubt:aws:Site$redoubt:aws:Before")
    assert kept_urns.lost(before, run, (entry,)) == []
