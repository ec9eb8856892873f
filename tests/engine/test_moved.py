"""A refactoring under the real engine: cosigners move, change their type and are renamed, and nothing is replaced.

The refactored program is a copy of this one with some lines added, so that the test holds for whatever the components
look like today.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from ops.rehearsal import Rehearsal, RehearsalError, stackfile
from ops.upgrade_check import preview
from simcloud import faults
from simcloud.ledger import Ledger
from tests.support.samples import ROOT, shrink

pytestmark = pytest.mark.timeout(300)

STACK = "testnet"
PROGRAM = ("__main__.py", "components", "fleet", "cloudinit")
GROUP = "redoubt:aws:CosignerGroup"
NEW_PARENT = "redoubt:aws:Signers"
INSTANCE = "aws:ec2/instance:Instance"
VOLUME = "aws:ebs/volume:Volume"

# HostGroup is another type for cosigners, stands below a new component, and is named `s1`: what its hosts' names begin with,
# which the engine would take for a renaming of the hosts.
REFACTORED = {
    "components/aws/hosts.py": """
TYPES = {**TYPES, "cosigner": "Quorum"}
""",
    "components/aws/site.py": """
_HostGroup = HostGroup


class Signers(pulumi.ComponentResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions):
        super().__init__("redoubt:aws:Signers", name, None, opts)
        self.register_outputs({})


def HostGroup(name, args, opts):
    if args.role != "cosigner":
        return _HostGroup(name, args, opts)
    signers = Signers(name, opts)
    return _HostGroup(args.context.site.name, args, child_options(signers))
""",
}
ENTRY = {
    "components/moved.py": r"""
MOVES = (
    Move(
        since="0.2.0",
        type="redoubt:aws:Quorum",
        was="redoubt:aws:Site$redoubt:aws:CosignerGroup",
        was_name=r"\g<0>-cosigner",
    ),
)
"""
}
TAGGED = {
    "components/aws/site.py": """
def _tagged(args):
    if args.type_ == "aws:ec2/instance:Instance":
        args.props["tags"] = {**args.props["tags"], "changed": "yes"}
    return pulumi.ResourceTransformationResult(args.props, args.opts)


_Refactored = HostGroup


def HostGroup(name, args, opts):
    if args.role == "cosigner":
        opts.transformations = [*(opts.transformations or []), _tagged]
    return _Refactored(name, args, opts)
"""
}


def program(folder: Path, *changes: dict[str, str]) -> Path:
    """A copy of the program, with lines added at the end of its modules."""
    shutil.copy(ROOT / f"Pulumi.{STACK}.yaml", _made(folder))
    for name in PROGRAM:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    for change in changes:
        for path, lines in change.items():
            with (folder / path).open("a") as module:
                module.write(lines)
    project = stackfile.load(ROOT / "Pulumi.yaml")
    project["runtime"]["options"]["virtualenv"] = str(ROOT / project["runtime"]["options"]["virtualenv"])
    (folder / "Pulumi.yaml").write_text(stackfile.dump(project))
    return folder


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def previewed(rehearsal: Rehearsal, *options: str) -> preview.Preview:
    done = rehearsal.preview("--json", *options, env={"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "1"})
    return preview.read(done.stdout)


def identifiers(rehearsal: Rehearsal, types: Iterable[str]) -> set[tuple[str, str]]:
    """The clouds' ids of all resources of some types."""
    resources = rehearsal.export()["deployment"]["resources"]
    return {(one["type"], one["id"]) for one in resources if one["type"] in types}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    """A fleet of the present program."""
    rehearsal = Rehearsal(tmp_path_factory.mktemp("moved") / "rehearsal", STACK, edit=shrink)
    rehearsal.up()
    return rehearsal


def test_cosigners_that_move_are_neither_replaced_nor_made_nor_deleted(made: Rehearsal, tmp_path: Path) -> None:
    moved = Rehearsal(made.directory, STACK, committed=program(tmp_path / "moved", REFACTORED, ENTRY), edit=shrink)
    found = previewed(moved)
    assert found.errors == ()
    # The new parent is no resource of a cloud; it is all that is new.
    assert [(change.operation, change.type) for change in found.changes] == [("create", NEW_PARENT)]


def test_without_its_entry_the_move_would_replace_the_cosigners(made: Rehearsal, tmp_path: Path) -> None:
    """What the entry is for, and that the test above can fail."""
    forgotten = Rehearsal(made.directory, STACK, committed=program(tmp_path / "forgotten", REFACTORED), edit=shrink)
    with pytest.raises(RehearsalError, match="protected"):
        forgotten.preview()
    found = previewed(forgotten, "--ignore-protect")
    assert ("delete", INSTANCE) in {(change.operation, change.type) for change in found.losses}
    assert found.counts["create"] > 1


def test_a_move_that_was_cut_off_half_way_is_finished_by_the_next_update(made: Rehearsal, tmp_path: Path) -> None:
    """The last test: it moves the cosigners for good."""
    before = identifiers(made, {INSTANCE, VOLUME})
    ledger = Ledger(made.cloud)
    faults.add(ledger, faults.Fault(kind="fail", operation="update", type=INSTANCE, times=3))
    ledger.close()
    cut_off = program(tmp_path / "cut-off", REFACTORED, ENTRY, TAGGED)
    with pytest.raises(RehearsalError, match="ordered by a test"):
        Rehearsal(made.directory, STACK, committed=cut_off, edit=shrink).up()

    after = Rehearsal(made.directory, STACK, committed=program(tmp_path / "after", REFACTORED, ENTRY), edit=shrink)
    found = previewed(after)
    assert found.errors == ()
    assert (found.losses, found.counts["create"]) == ((), 0)
    after.up()
    assert identifiers(after, {INSTANCE, VOLUME}) == before
    assert not [one for one in after.export()["deployment"]["resources"] if GROUP in one["urn"]]
