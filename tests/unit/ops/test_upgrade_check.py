"""The upgrade check without an engine: what it reads from a preview, what it shows, and how it ends."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from ops.errors import OperationError
from ops.rehearsal import Rehearsal, stackfile
from ops.upgrade_check import __main__ as command
from ops.upgrade_check import steps
from ops.upgrade_check.preview import Preview, read
from ops.upgrade_check.shown import show
from ops.upgrade_check.steps import Sdks, Step
from toolchain.errors import SetupError
from toolchain.layout import REPOSITORY

HOST = "urn:pulumi:testnet::redoubt::redoubt:aws:Site$aws:ec2/instance:Instance::s1-validator-1"
PROVIDER = "urn:pulumi:testnet::redoubt::pulumi:providers:aws::s1-aws"


def event(operation: str, urn: str, **more: Any) -> str:
    return json.dumps({"resourcePreEvent": {"metadata": {"op": operation, "urn": urn, **more}}})


def refusal(text: str) -> str:
    return json.dumps({"diagnosticEvent": {"severity": "error", "message": text}})


REPLACED = (
    event("delete-replaced", HOST),
    event(
        "replace",
        HOST,
        keys=["subnetId"],
        diffs=["subnetId", "tags"],
        detailedDiff={"subnetId": {"diffKind": "update-replace"}, "tags": {"diffKind": "update"}},
    ),
    event("create-replacement", HOST),
)


def previewed(*lines: str) -> Preview:
    return read("\n".join(["Previewing", event("same", "urn:pulumi:testnet::redoubt::redoubt:aws:Site::s1"), *lines]))


def step(*lines: str) -> Step:
    before = Sdks(name="older", folder=Path("old"), versions={"pulumi": "3.259.0", "pulumi-aws": "7.40.0"})
    after = Sdks(name="pinned", folder=Path("new"), versions={"pulumi": "3.259.0", "pulumi-aws": "7.51.1"})
    return Step(before=before, after=after, preview=previewed(*lines), up_seconds=20.0, preview_seconds=10.0)


def test_a_replacement_is_one_with_the_properties_that_force_it() -> None:
    found = previewed(*REPLACED)
    assert found.counts == {"same": 1, "update": 0, "replace": 1, "create": 0, "delete": 0}
    (change,) = found.losses
    assert (change.type, change.name, change.properties) == (
        "aws:ec2/instance:Instance",
        "s1-validator-1",
        ("subnetId",),
    )


def test_a_replacement_without_details_names_the_keys_of_the_provider() -> None:
    (change,) = previewed(event("replace", HOST, keys=["ami"], diffs=["ami", "tags"], detailedDiff=None)).losses
    assert change.properties == ("ami",)


def test_an_update_is_no_loss_and_a_deletion_is() -> None:
    found = previewed(event("update", PROVIDER, diffs=["version"]), event("delete", HOST), event("read", "a::b::c::d"))
    assert [(one.operation, one.properties) for one in found.changes] == [("update", ("version",)), ("delete", ())]
    assert [one.operation for one in found.losses] == ["delete"]


def test_an_output_without_steps_is_refused_with_what_it_says() -> None:
    with pytest.raises(OperationError, match=r"no step\n  remedy: .*is no program"):
        read("this is no program")


@pytest.mark.parametrize(
    ("lines", "keeps"),
    [
        ((), True),
        ((event("update", PROVIDER, diffs=["version"]),), True),
        (REPLACED, False),
        ((event("delete", HOST),), False),
        ((refusal("unable to replace"),), False),
    ],
    ids=["same", "update", "replace", "delete", "refused"],
)
def test_a_step_keeps_what_exists_or_not(lines: tuple[str, ...], keeps: bool) -> None:
    assert step(*lines).keeps is keeps


def shown(*taken: Step) -> str:
    out = io.StringIO()
    show("testnet", taken, Console(file=out, width=120))
    return out.getvalue()


def test_what_is_shown_names_versions_counts_and_every_cause() -> None:
    text = shown(step(*REPLACED, event("update", PROVIDER, diffs=["version"])))
    assert "older -> pinned: pulumi-aws 7.40.0 -> 7.51.1" in text
    assert "replace aws:ec2/instance:Instance s1-validator-1: subnetId" in text
    assert "update 1 x pulumi:providers:aws: version" in text
    assert "FAILED: 1 of 1" in text
    assert "every upgrade keeps what exists" in shown(step())


def test_the_command_ends_with_1_on_a_replacement_and_writes_it_down(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "below" / "check.json"
    for lines, status in ((REPLACED, 1), ((), 0)):
        monkeypatch.setattr(command, "check", lambda *_, lines=lines, **__: ([step(*lines)], ["nothing newer"]))
        assert command.main(["--json", str(target)]) == status
    assert "nothing newer" in capsys.readouterr().out
    written = json.loads(target.read_text())
    assert written["stack"] == "testnet"
    assert written["steps"][0]["counts"]["same"] == 1
    assert written["steps"][0]["keeps"] is True


@pytest.mark.parametrize("error", [OperationError("x\n  remedy: y"), SetupError("x", "y")])
def test_the_command_ends_with_2_where_it_cannot_be_tried(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(command, "check", refuse)
    assert command.main([]) == 2
    assert capsys.readouterr().err == "error: x\n  remedy: y\n"


def test_the_newest_step_is_left_out_where_the_pinned_sdks_are_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "newest", lambda *_: None)
    taken, left_out = command.check("testnet", ("pinned",), [], keep=False)
    assert taken == []
    assert "the newest" in left_out[0]


def test_both_halves_run_the_same_program_and_differ_in_the_environment_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    roots: list[Path] = []

    def look(self: Rehearsal, *_: str, **__: Any) -> Any:
        self.prepare()
        project = stackfile.load(self.directory / "Pulumi.yaml")
        named = (project["main"], project["runtime"]["options"]["virtualenv"])
        roots.extend((self.directory / value).resolve() for value in named)
        raise OperationError("far enough")

    monkeypatch.setattr(Rehearsal, "up", look)
    other = Sdks(name="older", folder=tmp_path / "venv", versions={})
    for chosen in (other, steps.pinned()):
        with pytest.raises(OperationError, match="far enough"):
            steps.take("testnet", chosen, steps.pinned(), tmp_path / chosen.name)
    assert roots == [REPOSITORY.root, other.folder.resolve(), REPOSITORY.root, REPOSITORY.venv.resolve()]


def test_the_rehearsals_are_removed_unless_they_shall_be_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(steps, "BUILD", tmp_path / "build")
    with steps.folder(keep=False) as gone:
        (gone / "state").mkdir()
    with steps.folder(keep=True) as kept:
        (kept / "state").mkdir()
    assert not gone.exists()
    assert kept.exists()
