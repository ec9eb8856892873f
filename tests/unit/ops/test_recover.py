"""Recovery's parts: who holds the lock, what is pending, what may be imported, what the operator says."""

import json
import os
import socket
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from ops.errors import OperationError
from ops.recover import locks, missing, sidecar
from ops.recover.__main__ import answers, parser
from ops.recover.pending import added, once, ordered, pending, replaced, settled

SITE = "urn:pulumi:testnet::redoubt::redoubt:aws:Site::s1"
PROVIDER = "urn:pulumi:testnet::redoubt::pulumi:providers:aws::s1-aws"
HOST = "urn:pulumi:testnet::redoubt::redoubt:aws:Site$aws:ec2/instance:Instance::s1-cosigner-1"
VOLUME = "urn:pulumi:testnet::redoubt::redoubt:aws:Site$aws:ebs/volume:Volume::s1-cosigner-1"
LOCKED = "error: the stack is currently locked by {count} lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`."
HELD = "\n  file:///state/.pulumi/locks/x.json: created by {user}@{host} (pid {pid}) at 2026-11-21T10:00:00Z"


class Scripted:
    """A stack whose CLI answers what the test says."""

    stack = "testnet"
    project = "redoubt"
    directory = Path("/nowhere")

    def __init__(self, *answers: tuple[int, str], **by_command: tuple[int, str]) -> None:
        self.answers = list(answers)
        self.by_command = by_command
        self.calls: list[tuple[str, ...]] = []

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        return dict(extra or {})

    def command(self, module: str, *args: str) -> str:
        return " ".join((module, *args))

    def pulumi(
        self,
        *args: str,
        check: bool = True,
        timeout: float | None = None,
        env: Mapping[str, str] | None = None,
        echo: Callable[[str], str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        del timeout, env, echo
        self.calls.append(args)
        status, text = self.by_command[args[0]] if args[0] in self.by_command else self.answers.pop(0)
        assert status == 0 or not check, text
        return subprocess.CompletedProcess(args, status, text, "")


def locked(*holders: tuple[str, int]) -> tuple[int, str]:
    lines = "".join(HELD.format(user="ann", host=host, pid=pid) for host, pid in holders)
    return 255, LOCKED.format(count=len(holders)) + lines


FREE = (255, "error: a stack named testnet already exists")


def dead_process() -> int:
    child = subprocess.Popen(["true"])
    child.wait()
    return child.pid


def test_a_free_lock_is_left_alone() -> None:
    stack = Scripted(FREE)
    assert locks.free(stack) == []
    assert [call[0] for call in stack.calls] == ["stack"]


def test_the_lock_of_a_dead_update_here_is_cancelled_and_its_holder_named() -> None:
    lock = locked((socket.gethostname(), dead_process()))
    stack = Scripted(lock, lock, (0, ""))
    (holder,) = locks.free(stack)
    assert str(holder).startswith(f"ann@{socket.gethostname()}, process ")
    assert str(holder).endswith("since 2026-11-21T10:00:00Z")
    assert stack.calls[-1] == ("cancel", "--yes", "--non-interactive")


def test_a_process_that_took_the_dead_ones_number_does_not_count() -> None:
    lock = locked((socket.gethostname(), os.getpid()))
    assert locks.free(Scripted(lock, lock, (0, "")))


def test_a_process_that_is_older_than_the_lock_is_not_the_holders_and_says_nothing_about_it() -> None:
    late = locked((socket.gethostname(), os.getpid()))[1].replace("2026-11-21T10:00:00Z", "2126-11-21T10:00:00Z")
    with pytest.raises(OperationError, match="may be at work elsewhere"):
        locks.free(Scripted((255, late)))


def test_a_lock_that_changes_hands_meanwhile_is_not_cancelled() -> None:
    stack = Scripted(locked((socket.gethostname(), dead_process())), locked((socket.gethostname(), 4711)))
    with pytest.raises(OperationError, match="has just changed hands"):
        locks.free(stack)
    assert all(call[0] != "cancel" for call in stack.calls)


def test_a_stack_that_the_backend_does_not_have_points_to_the_runbook() -> None:
    with pytest.raises(OperationError, match="the backend has no stack testnet") as refused:
        locks.free(Scripted((255, "error: no stack named 'testnet' found")))
    assert "The state is gone" in str(refused.value)


def test_an_update_at_work_is_refused_with_who_and_since_when(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks.Holder, "alive", True)
    stack = Scripted(locked((socket.gethostname(), 4711)))
    with pytest.raises(
        OperationError, match=r"is at work: ann@.*, process 4711, since 2026-11-21T10:00:00Z"
    ) as refused:
        locks.free(stack, holder_is_gone=True)
    assert "kill -INT 4711" in str(refused.value)
    assert len(stack.calls) == 1


def test_an_update_elsewhere_is_refused_until_the_operator_says_that_it_ended() -> None:
    with pytest.raises(OperationError, match="may be at work elsewhere: ann@far, process 7") as refused:
        locks.free(Scripted(locked(("far", 7))))
    assert "--holder-is-gone" in str(refused.value)
    assert locks.free(Scripted(locked(("far", 7)), locked(("far", 7)), (0, "")), holder_is_gone=True)


def test_a_lock_that_nobody_is_named_for_is_not_cancelled_by_itself() -> None:
    with pytest.raises(OperationError, match="somebody the backend does not name"):
        locks.free(Scripted((255, "error: [409] Conflict: Another update is currently in progress.")))


def test_a_backend_that_says_something_else_is_passed_on_with_a_remedy() -> None:
    with pytest.raises(OperationError, match=r"does not say who holds the lock.*no such bucket") as refused:
        locks.free(Scripted((255, "error: no such bucket")))
    assert "\n  remedy: " in str(refused.value)


def test_a_damaged_file_of_attributes_is_taken_away_and_the_backend_asked_again(tmp_path: Path) -> None:
    folder = tmp_path / ".pulumi" / "stacks" / "redoubt"
    folder.mkdir(parents=True)
    attributes = folder / "testnet.json.attrs"
    attributes.touch()
    where = (0, json.dumps({"url": tmp_path.as_uri()}))
    stack = Scripted((255, "error: failed to load checkpoint: EOF"), FREE, whoami=where)
    assert locks.holders(stack) is None
    assert not attributes.exists()


def test_whole_attributes_and_other_backends_are_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / ".pulumi" / "stacks" / "redoubt"
    folder.mkdir(parents=True)
    (folder / "testnet.json.attrs").write_text("{}")
    assert sidecar.mend(Scripted(whoami=(0, json.dumps({"url": tmp_path.as_uri()})))) is None
    assert sidecar.mend(Scripted(whoami=(0, json.dumps({"url": "s3://bucket"})))) is None
    assert sidecar.mend(Scripted(whoami=(255, "error"))) is None


def export(*resources: dict[str, Any], operations: list[dict[str, Any]]) -> dict[str, Any]:
    return {"version": 3, "deployment": {"resources": list(resources), "pending_operations": operations}}


CREATING = {"type": "creating", "resource": {"urn": HOST, "type": "aws:ec2/instance:Instance", "inputs": {"ami": "a"}}}


def test_a_pending_creation_that_exists_becomes_the_resource() -> None:
    done = settled(export({"urn": SITE}, operations=[CREATING]), {HOST: "i-1"})
    assert done["deployment"]["resources"] == [
        {"urn": SITE},
        {**CREATING["resource"], "id": "i-1", "outputs": {}},
    ]
    assert pending(done) == []


def test_one_that_does_not_is_forgotten_and_other_operations_too() -> None:
    operations = [CREATING, {"type": "deleting", "resource": {"urn": VOLUME}}]
    before = export({"urn": VOLUME, "id": "vol-1"}, operations=operations)
    assert settled(before, {})["deployment"] == {"resources": [{"urn": VOLUME, "id": "vol-1"}]}
    assert len(pending(before)) == 2, "the export itself was changed"


def test_what_was_deleted_before_its_replacement_goes_and_what_was_to_go_after_it_is_marked() -> None:
    old = {"urn": HOST, "id": "i-0"}
    after = settled(export({**old, "pendingReplacement": True}, operations=[CREATING]), {HOST: "i-1"})
    assert [one["id"] for one in after["deployment"]["resources"]] == ["i-1"]
    before = settled(export(old, operations=[CREATING]), {HOST: "i-1"})
    assert [(one["id"], one.get("delete")) for one in before["deployment"]["resources"]] == [
        ("i-1", None),
        ("i-0", True),
    ]


def test_a_replacement_that_was_never_told_takes_the_place_of_the_old_one() -> None:
    old = {"urn": HOST, "id": "i-0", "inputs": {"ami": "a"}}
    gone = replaced(export({**old, "pendingReplacement": True}, operations=[]), {HOST: "i-1"})
    assert gone["deployment"]["resources"] == [{**old, "id": "i-1", "outputs": {}}]
    there = replaced(export(old, {"urn": SITE}, operations=[]), {HOST: "i-1"})
    new = {**old, "id": "i-1", "outputs": {}}
    assert there["deployment"]["resources"] == [new, {"urn": SITE}, {**old, "delete": True}]
    again = replaced(export({**old, "delete": True}, operations=[]), {HOST: "i-1"})
    assert again["deployment"]["resources"] == [{**old, "delete": True}]


def test_what_is_in_use_never_waits_for_its_deletion_too() -> None:
    disk = {"urn": VOLUME, "id": "vol-1", "type": "aws:ebs/volume:Volume"}
    other = {**disk, "id": "vol-0", "delete": True}
    twice = export(disk, {**disk, "delete": True}, other, operations=[])
    assert (once(twice) or {})["deployment"]["resources"] == [disk, other]
    assert once(export(disk, other, operations=[])) is None


def test_every_resource_comes_after_what_it_depends_on() -> None:
    attachment = {"urn": "attachment", "dependencies": [HOST], "propertyDependencies": {"volume": [VOLUME]}}
    host = {"urn": HOST, "parent": SITE, "provider": f"{PROVIDER}::id"}
    mixed = [
        attachment,
        {"urn": "old", "delete": True, "dependencies": [HOST]},
        host,
        *({"urn": one} for one in (SITE, PROVIDER, VOLUME)),
    ]
    order = [one["urn"] for one in ordered(mixed)]
    assert order == [SITE, PROVIDER, HOST, VOLUME, "attachment", "old"]
    assert ordered(ordered(mixed)) == ordered(mixed)


def test_a_resource_can_only_be_there_when_all_that_it_needs_is_known() -> None:
    host: dict[str, Any] = {"parent": SITE, "provider": f"{PROVIDER}::id", "inputs": {"subnetId": "subnet-1"}}
    assert missing.can_be_there(host, {SITE, PROVIDER})
    for gone in (SITE, PROVIDER):
        assert not missing.can_be_there(host, {SITE, PROVIDER} - {gone})
    host["inputs"] = {"network": [{"subnet": missing.UNKNOWN}]}
    assert not missing.can_be_there(host, {SITE, PROVIDER})


def test_unknown_and_masked_inputs_are_left_out() -> None:
    inputs = {"a": "1", "b": missing.UNKNOWN, "c": {"d": [missing.SECRET]}, "__defaults": []}
    resource = {"type": "aws:ebs/volume:Volume", "inputs": inputs, "provider": f"{PROVIDER}::id"}
    found = missing.wanted(VOLUME, resource, {PROVIDER: {"region": "r"}}, fleet="f", stack="testnet", known=frozenset())
    assert (found.inputs, found.provider_inputs, found.provider_type) == (
        {"a": "1"},
        {"region": "r"},
        "pulumi:providers:aws",
    )


@pytest.mark.parametrize("stream", ["", '{"preludeEvent": {}}\n', "not json"])
def test_a_preview_without_its_summary_is_an_error_and_never_nothing_missing(stream: str) -> None:
    with pytest.raises(OperationError, match="what stack testnet lacks cannot be told"):
        missing.creations(Scripted(preview=(0, stream)))


def test_a_resource_of_a_preview_is_written_as_one_that_was_never_read() -> None:
    resource = {
        "urn": HOST,
        "type": "aws:ec2/instance:Instance",
        "custom": True,
        "id": "",
        "parent": SITE,
        "protect": True,
        "provider": f"{PROVIDER}::id",
        "inputs": {"ami": "a", "__defaults": [], "password": missing.SECRET},
        "outputs": {"x": 1},
    }
    written = missing.entry(resource, "i-1")
    assert written == {
        "urn": HOST,
        "type": "aws:ec2/instance:Instance",
        "custom": True,
        "parent": SITE,
        "protect": True,
        "provider": f"{PROVIDER}::id",
        "id": "i-1",
        "inputs": {"ami": "a", "__defaults": []},
        "outputs": {},
    }
    whole = added(export({"urn": SITE}, {"urn": PROVIDER}, operations=[]), [written])
    assert [one["urn"] for one in whole["deployment"]["resources"]] == [SITE, PROVIDER, HOST]


def said(*arguments: str) -> Any:
    return answers(parser().parse_args(["--stack", "testnet", *arguments]))


def test_the_operator_says_what_exists_and_what_does_not() -> None:
    found = said("--import", f"{HOST}=i-1", "--absent", VOLUME)
    assert (found.imports, found.absent) == ({HOST: "i-1"}, {VOLUME})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--import", HOST), "is not URN=ID"),
        (("--import", f"{HOST}="), "is not URN=ID"),
        (("--import", "s1-cosigner-1=i-1"), "is not URN=ID"),
        (("--absent", "s1-cosigner-1"), "is no URN"),
        (("--import", f"{HOST}=i-1", "--absent", HOST), "is said to be there and not to be there"),
    ],
)
def test_bad_answers_are_refused_with_a_remedy(arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(OperationError, match=message) as refused:
        said(*arguments)
    assert "\n  remedy: " in str(refused.value)
