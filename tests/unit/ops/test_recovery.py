"""The flow of a recovery, on a stack that answers as the test says: what it decides, changes, refuses and tells."""

import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from ops.errors import OperationError
from ops.recover import knowledge, leftovers, missing, recovery
from ops.recover.recovery import Answers, Recovery
from ops.recover.search import Finding, Wanted

SITE = "urn:pulumi:testnet::redoubt::redoubt:aws:Site::s1"
PROVIDER = "urn:pulumi:testnet::redoubt::pulumi:providers:aws::s1-aws"
HOST = "urn:pulumi:testnet::redoubt::redoubt:aws:Site$aws:ec2/instance:Instance::s1-cosigner-1"
VOLUME = "urn:pulumi:testnet::redoubt::redoubt:aws:Site$aws:ebs/volume:Volume::s1-cosigner-1"
FREE = "error: a stack named testnet already exists"


def resource(urn: str, id_: str = "", **more: Any) -> dict[str, Any]:
    type_ = urn.split("::")[2].rpartition("$")[2]
    known = {"id": id_, "outputs": {"id": id_}} if id_ else {}
    return {
        "urn": urn, "type": type_, "custom": ":aws:Site" not in type_, "parent": SITE if "$" in urn else "",
        "provider": f"{PROVIDER}::p" if "$" in urn else "", "inputs": {"a": "b"}, **known, **more,
    }  # fmt: skip


class Backend:
    """A stack whose state is a value here; the accounts have what `there` holds, by URN."""

    stack = "testnet"
    project = "redoubt"

    def __init__(self, directory: Path, *resources: dict[str, Any], operations: Sequence[dict[str, Any]] = ()) -> None:
        self.directory = directory
        (directory / "Pulumi.testnet.yaml").write_text("config:\n  redoubt:fleet:\n    name: redoubt\n")
        frame = [resource(SITE), resource(PROVIDER, "p")]
        self.deployment = {"resources": [*frame, *resources], "pending_operations": list(operations)}
        self.there: dict[str, str] = {}
        self.imported = 0
        self.meanwhile: Callable[[], object] = lambda: None

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        return dict(extra or {})

    def command(self, module: str, *args: str) -> str:
        return " ".join((module, *args))

    def pulumi(self, *args: str, **_: Any) -> subprocess.CompletedProcess[str]:
        said = ""
        if args[:2] == ("stack", "export"):
            said = json.dumps({"version": 3, "deployment": self.deployment})
        elif args[:2] == ("stack", "rename"):
            said = FREE
        elif args[:2] == ("stack", "import"):
            self.imported += 1
            self.deployment = json.loads(Path(args[args.index("--file") + 1]).read_text())["deployment"]
        elif args[0] == "refresh":
            read = {args[index + 1] for index, word in enumerate(args) if word == "--target"}
            self.deployment["resources"] = [
                {**one, "outputs": {"id": one["id"]}} if one["urn"] in self.there else one
                for one in self.deployment["resources"]
                if one["urn"] not in read or self.there.get(one["urn"]) == one.get("id")
            ]
        else:
            raise AssertionError(args)
        return subprocess.CompletedProcess(args, 0, said, "")


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(leftovers, "wait", lambda: None)
    monkeypatch.setattr(recovery, "KEPT", tmp_path / "kept")
    wants(monkeypatch)
    knows(monkeypatch)


def wants(monkeypatch: pytest.MonkeyPatch, *urns: str) -> None:
    """What the program would make, as far as the state lacks it."""

    def creations(stack: Any) -> dict[str, dict[str, Any]]:
        state = {one["urn"] for one in stack.deployment["resources"]}
        return {urn: resource(urn) for urn in urns if urn not in state}

    monkeypatch.setattr(missing, "creations", creations)


def knows(monkeypatch: pytest.MonkeyPatch, *findings: Finding) -> None:
    by_urn = {one.urn: one for one in findings}

    def search(stack: Any, wanted: Sequence[Wanted]) -> list[Finding]:
        del stack
        return [by_urn.get(one.urn, Finding(urn=one.urn, how="by its tags", asked=True)) for one in wanted]

    monkeypatch.setattr(knowledge, "search", search)


def creating(urn: str) -> dict[str, Any]:
    return {"type": "creating", "resource": resource(urn)}


def run(backend: Backend, answers: Answers | None = None) -> tuple[bool, str]:
    told: list[str] = []
    done = Recovery(backend, answers or Answers(), told.append).run()
    return done, "\n".join(told)


def test_a_pending_creation_that_the_account_has_is_taken_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Backend(tmp_path, operations=[creating(HOST)])
    backend.there[HOST] = "i-1"
    knows(monkeypatch, Finding(urn=HOST, ids=("i-1",), how="by its tags", asked=True))
    done, told = run(backend)
    assert done
    assert backend.deployment["resources"][-1]["id"] == "i-1"
    assert "pending_operations" not in backend.deployment
    assert "creating aws:ec2:Instance s1-cosigner-1: i-1, found by its tags" in told
    assert "aws:ec2:Instance s1-cosigner-1: i-1 is there" in told
    assert json.loads(next((tmp_path / "kept").iterdir()).read_text())["deployment"]["pending_operations"]


def test_one_that_cannot_be_told_apart_is_asked_for_and_nothing_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = Backend(tmp_path, operations=[creating(HOST)])
    twins = Finding(urn=HOST, ids=("i-1", "i-2"), how="by its tags", undecided="2 fit (i-1, i-2)", asked=True)
    knows(monkeypatch, twins)
    done, told = run(backend)
    assert not done
    assert backend.imported == 0
    assert f"1 to be decided by you:\n  {HOST}\n    2 fit (i-1, i-2)" in told
    backend.there[HOST] = "i-2"
    assert run(backend, Answers(imports={HOST: "i-2"}))[0]
    assert backend.deployment["resources"][-1]["id"] == "i-2"


def test_an_operators_absence_clears_the_creation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Backend(tmp_path, operations=[creating(HOST)])
    knows(monkeypatch, Finding(urn=HOST, how="x", undecided="cannot be looked up"))
    assert run(backend, Answers(absent=frozenset({HOST})))[0]
    assert HOST not in {one["urn"] for one in backend.deployment["resources"]}


def test_an_id_of_something_else_is_refused_with_its_owner(tmp_path: Path) -> None:
    other = HOST.replace("cosigner", "gateway")
    backend = Backend(tmp_path, resource(other, "i-7"), operations=[creating(HOST)])
    with pytest.raises(OperationError, match=r"this id is .*s1-gateway-1's") as refused:
        run(backend, Answers(imports={HOST: "i-7"}))
    assert "\n  remedy: look again which id belongs to s1-cosigner-1" in str(refused.value)
    assert backend.imported == 0


def test_an_answer_that_nobody_asked_for_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match=r"nobody asked about .*s1-cosigner-1; all else is done"):
        run(Backend(tmp_path), Answers(imports={HOST: "i-1"}))


def test_what_was_made_and_never_told_is_found_by_what_the_program_wants(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = Backend(tmp_path)
    backend.there[HOST] = "i-1"
    wants(monkeypatch, HOST, VOLUME)
    knows(
        monkeypatch,
        Finding(urn=HOST, ids=("i-1",), how="by its tags", asked=True),
        Finding(urn=VOLUME, how="x", asked=True),
    )
    done, told = run(backend)
    assert done
    assert "aws:ec2:Instance s1-cosigner-1: i-1 is there" in told
    assert "1 resources of the program are not there; the next update makes them" in told


def test_an_id_that_only_follows_from_the_inputs_is_dropped_where_nothing_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = Backend(tmp_path)
    wants(monkeypatch, VOLUME)
    knows(monkeypatch, Finding(urn=VOLUME, ids=("disks/x",), how="follows from the inputs"))
    done, told = run(backend)
    assert done
    assert VOLUME not in {one["urn"] for one in backend.deployment["resources"]}
    assert "is there" not in told


def test_a_cloud_that_could_not_be_asked_leaves_it_unfinished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Backend(tmp_path)
    wants(monkeypatch, HOST)
    knows(monkeypatch, Finding(urn=HOST, how="by its tags", undecided="the provider could not be asked", asked=True))
    done, told = run(backend)
    assert not done
    assert "the provider could not be asked" in told


def test_what_nothing_lists_is_told_once_for_its_type_and_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = HOST.replace("cosigner-1", "cosigner-2")
    wants(monkeypatch, HOST, second)
    knows(monkeypatch, *(Finding(urn=urn, how="x", undecided="look by hand") for urn in (HOST, second)))
    done, told = run(Backend(tmp_path))
    assert done
    assert "not looked up: 2 aws:ec2:Instance (s1-cosigner-1, s1-cosigner-2)" in told


def test_a_replacement_of_the_same_id_whose_reply_was_lost_is_taken_for_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GCP's ids are names: the one that was deleted first, and is still in the state, had the same."""
    backend = Backend(tmp_path, resource(HOST, "instances/x", pendingReplacement=True))
    backend.there[HOST] = "instances/x"
    monkeypatch.setattr(missing, "creations", lambda _: {HOST: resource(HOST)})
    knows(monkeypatch, Finding(urn=HOST, ids=("instances/x",), how="follows from the inputs"))
    done, told = run(backend)
    assert done
    assert "s1-cosigner-1: instances/x is there" in told
    assert "pendingReplacement" not in backend.deployment["resources"][-1]


def test_something_kept_that_is_gone_is_told_loudly(tmp_path: Path) -> None:
    updating = {"type": "updating", "resource": resource(VOLUME, "vol-1")}
    backend = Backend(tmp_path, resource(VOLUME, "vol-1", protect=True), operations=[updating])
    done, told = run(backend)
    assert not done
    assert "GONE from the account although it is protected: aws:ebs:Volume s1-cosigner-1 vol-1" in told


def test_nothing_else_is_read_again(tmp_path: Path) -> None:
    """What somebody deleted stays in the state, for `ops.drift` to show."""
    backend = Backend(tmp_path, resource(VOLUME, "vol-1", protect=True))
    assert run(backend)[0]
    assert VOLUME in {one["urn"] for one in backend.deployment["resources"]}


def test_a_state_that_changed_meanwhile_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Backend(tmp_path, operations=[creating(HOST)])

    def search(stack: Any, wanted: Sequence[Wanted]) -> list[Finding]:
        stack.deployment = {"resources": [resource(SITE)]}
        return [Finding(urn=one.urn, how="by its tags", asked=True) for one in wanted]

    monkeypatch.setattr(knowledge, "search", search)
    with pytest.raises(OperationError, match="the state was changed meanwhile"):
        run(backend)
    assert backend.imported == 0


def test_what_the_account_has_under_our_name_and_nobody_knows_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arns = ("arn:aws:ec2:r:1:instance/i-lost", "arn:aws:ec2:r:1:instance/i-1", "arn:aws:ec2:r:1:volume/vol-root")
    knows(monkeypatch, Finding(urn=PROVIDER, ids=arns, how="by tag", asked=True))
    host = resource(HOST, "i-1") | {"outputs": {"rootBlockDevice": {"volumeId": "vol-root"}}}
    done, told = run(Backend(tmp_path, host))
    assert done  # what was kept on purpose is listed for ever
    assert "1 in the accounts under this stack's name and not in its state" in told
    assert "\n  arn:aws:ec2:r:1:instance/i-lost" in told
