"""What is printed: worst first, no values, and nothing in a name that a terminal or rich would act on."""

import io
import json
import subprocess
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from ops import stacks
from ops.drift import __main__ as command
from ops.drift.judged import judged
from ops.drift.looked import refuse_unfinished
from ops.drift.model import Change, Refresh, Seen
from ops.drift.report import plain, printable, show
from ops.errors import OperationError

EVIL = "s1-cosigner-1[bold red]\x1b[2J\x07\u202e[/link]\r\n\u2028"
SECRET = "AGE-SECRET-KEY-1" + "Q" * 40


URN = "urn:pulumi:testnet::redoubt::redoubt:aws:Site$aws:ebs/volume:Volume::s1-cosigner-1"


@dataclass(frozen=True, kw_only=True)
class Answering:
    """A stack of one volume whose engine answers as told."""

    gone: bool = False
    cut: bool = False
    pending: bool = False
    unseen: bool = False
    status: int = 0
    stack: str = "testnet"
    project: str = "redoubt"
    directory: Path = Path()

    def pulumi(self, *args: str, **_: Any) -> stacks.Completed:
        if args[:2] == ("stack", "export"):
            resources = [{"urn": URN, "type": "aws:ebs/volume:Volume"}]
            resources += [{"urn": "urn:other", "type": "x"}] if self.unseen else []
            pending = [{"type": "creating"}] if self.pending else []
            text = json.dumps({"deployment": {"resources": resources, "pending_operations": pending}})
            return subprocess.CompletedProcess(args, 0, text, "")
        assert "--preview-only" in args
        return subprocess.CompletedProcess(args, self.status, self._stream(), "error: no\x1b[2J credentials")

    def _stream(self) -> str:
        metadata = {"urn": URN, "type": "aws:ebs/volume:Volume"}
        op, old = ("delete" if self.gone else "same"), {"id": "vol-1", "outputs": {}}
        states = {"old": old, "new": None if self.gone else old}
        changes = {"maybeCorrupt": False, "isPreview": True, "result": "succeeded", "resourceChanges": {op: 1}}
        events: list[dict[str, Any]] = [
            {"resourcePreEvent": {"metadata": {**metadata, "op": "refresh"}}},
            {"resOutputsEvent": {"metadata": {**metadata, "op": op, **states}}},
            {"summaryEvent": changes},
            {"cancelEvent": {}},
        ]
        lines = [json.dumps({"sequence": number, **event}) for number, event in enumerate(events)]
        return "\n".join(lines[: -1 if self.cut else None])

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        return dict(extra or {})

    def command(self, module: str, *args: str) -> str:
        return " ".join([f"python -m ops.{module} --stack {self.stack}", *args])


def drifted(name: str, path: str, *, kind: str = "gcp:compute/instance:Instance", gone: bool = False) -> Seen:
    return Seen(
        urn=f"urn:pulumi:testnet::redoubt::redoubt:gcp:Site${kind}::{name}",
        type=kind,
        id="id",
        protected=False,
        old={"metadata": {"startup-script": SECRET}},
        new=None if gone else {"metadata": {"startup-script": f"{SECRET}2"}},
        changes=(Change(path=path, kind="add"),),
    )


def shown(*resources: Seen) -> str:
    out = io.StringIO()
    console = Console(file=out, width=200, highlight=False, force_terminal=True, color_system=None)
    show("testnet", len(resources), judged(Refresh(seen=resources)), console)
    return out.getvalue()


def test_hostile_names_reach_neither_the_terminal_nor_the_markup() -> None:
    text = shown(drifted(EVIL, f'metadata["{EVIL}"]'), drifted(EVIL, "", kind="aws:ebs/volume:Volume", gone=True))
    assert "\x1b[2J" not in text
    assert not {one for one in text if unicodedata.category(one)[0] == "C"} - {"\n"}
    assert "[bold red]" in text
    assert r"\x1b[2J\x07\u202e[/link]\r\n" in text


def test_no_value_is_printed_or_written() -> None:
    resource = drifted("s2-cosigner-1", "metadata.startup-script")
    assert SECRET not in shown(resource)
    found = judged(Refresh(seen=(resource,)))
    assert SECRET not in json.dumps(plain("testnet", 1, found))
    assert "+ metadata.startup-script" in shown(resource)


def test_many_paths_are_counted_and_not_all_printed() -> None:
    resource = drifted("s2-cosigner-1", "metadata.a")
    many = tuple(Change(path=f"metadata.k{number}", kind="add") for number in range(30))
    text = shown(Seen(**{**vars_of(resource), "changes": many}))
    assert "and 22 more" in text


def vars_of(resource: Seen) -> dict[str, Any]:
    return {name: getattr(resource, name) for name in ("urn", "type", "id", "protected", "old", "new")}


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("plain", "plain"),
        ("a\x00b", r"a\x00b"),
        ("\u200b", r"\u200b"),
        ("\ud800", r"\u"),
        ("é", "é"),
        ("\x9b", r"\x9b"),
    ],
)
def test_invisible_characters_are_written_out(text: str, safe: str) -> None:
    assert printable(text) == safe


def test_a_long_text_is_cut() -> None:
    assert len(printable("x" * 5000)) == 400


def test_what_is_held_back_is_said_at_the_end() -> None:
    text = shown(drifted("s1-cosigner-1", "", kind="aws:ebs/volume:Volume", gone=True))
    assert "run neither `pulumi refresh` nor a whole `pulumi up --refresh`" in text
    assert "1 of 1 resources of stack testnet have drifted: 1 stake" in text


def test_json_has_all_that_is_shown() -> None:
    found = judged(Refresh(seen=(drifted("s2-cosigner-1", "metadata.ssh-keys"),)))
    told = plain("testnet", 7, found)
    assert (told["drift"], told["looked_at"]) == (True, 7)
    (finding,) = told["findings"]
    assert (finding["host"], finding["site"], finding["severity"], finding["holds"]) == (
        "s2-cosigner-1",
        "s2",
        "stake",
        True,
    )
    assert finding["points"][0]["changes"] == [
        {"path": "metadata.ssh-keys", "kind": "add", "replaces": False, "unseen": False}
    ]
    assert {remedy["kind"] for remedy in finding["points"][0]["remedies"]} == {"hold", "investigate", "up"}
    assert plain("testnet", 7, ()) == {"stack": "testnet", "looked_at": 7, "drift": False, "findings": []}


@pytest.mark.parametrize(
    ("deployment", "what", "first"),
    [
        ({"pending_operations": [{"type": "creating"}]}, "1 operations", "`python -m ops.recover --stack testnet`"),
        ({"resources": [{"urn": "a", "type": "t", "delete": True}]}, "1 resources", "`pulumi up`, which deletes them"),
    ],
)
def test_an_unfinished_update_comes_first(deployment: dict[str, Any], what: str, first: str) -> None:
    with pytest.raises(OperationError, match=what) as refused:
        refuse_unfinished(Answering(), deployment)
    assert f"otherwise first {first}" in str(refused.value)


@pytest.mark.parametrize(
    ("stack", "status"),
    [
        (Answering(), 0),
        (Answering(gone=True), 1),
        (Answering(cut=True), 2),
        (Answering(pending=True), 2),
        (Answering(status=255), 2),
        (Answering(unseen=True), 2),
    ],
)
def test_exit_codes(
    stack: Answering,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(stacks, "chosen", lambda _: stack)
    file = tmp_path / "deep" / "drift.json"
    assert command.main(["--stack", "testnet", "--json", str(file)]) == status
    printed = capsys.readouterr()
    if status == 2:
        assert "\n  remedy: " in printed.err
        assert "\x1b" not in printed.err
        assert not file.exists()
        assert "no drift" not in printed.out
    else:
        assert json.loads(file.read_text())["drift"] == (status == 1)
