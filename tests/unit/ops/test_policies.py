"""The pack from the operator's side: its config, the engine's stream, the listed deferrals, the command over a state."""

import json
from pathlib import Path
from typing import Any

import pytest

from ops.errors import OperationError
from ops.policies import __main__ as command
from ops.policies import config, deferrals, events
from tests.support.samples import ROOT

URN = "urn:pulumi:testnet::redoubt::redoubt:aws:Site$aws:ec2/eip:Eip::s1-gateway-1"
LEVEL = {"enforcementLevel": "mandatory"}


def line(message: str, level: str = "mandatory", rule: str = "aws-no-ipv6", urn: str = URN) -> str:
    event = {"resourceUrn": urn, "message": message, "policyName": rule, "enforcementLevel": level}
    return json.dumps({"sequence": 1, "policyEvent": event})


def waits(path: str, rule: str = "aws-no-ipv6") -> str:
    text = f"can't run policy '{rule}' from policy pack 'redoubt@v0.1.0' during preview: string value at .{path} can't be known during preview\n"
    return line(text, "advisory", rule)


@pytest.mark.parametrize("stack", ["testnet", "mainnet"])
def test_a_committed_stack_is_judged_with_its_config(stack: str) -> None:
    words = config.arguments(stack)
    assert words == (
        *("--policy-pack", str(ROOT / "policies")),
        *("--policy-pack-config", str(ROOT / "policies" / "config" / f"{stack}.json")),
    )


def test_a_stack_without_a_config_is_judged_without_one() -> None:
    assert config.arguments("elsewhere") == ("--policy-pack", str(ROOT / "policies"))


@pytest.mark.parametrize(
    ("content", "message", "remedy"),
    [
        ({"aws-no-such": LEVEL}, "aws-no-such: there is no such rule", "docs/reference/policies.md"),
        ({"fleet-known-types": []}, "fleet-known-types: is no object", "enforcementLevel"),
        ({"fleet-known-types": {}}, "fleet-known-types.enforcementLevel: is None", "'mandatory'"),
        ({"aws-no-ipv6": {"enforcementLevel": "disabled"}}, "is 'disabled', and the rule is mandatory", "waive it"),
        ({"fleet-known-types": {**LEVEL, "als": []}}, "fleet-known-types.als: there is no such setting", "also"),
        ({"aws-no-ipv6": {**LEVEL, "x": 1}}, "aws-no-ipv6.x: there is no such setting", "its settings are: none"),
        ([], "is no object", "by rule"),
    ],
)
def test_a_config_that_would_be_ignored_or_weaken_a_rule_is_refused(
    tmp_path: Path, content: Any, message: str, remedy: str
) -> None:
    path = tmp_path / "testnet.json"
    path.write_text(json.dumps(content))
    with pytest.raises(OperationError) as refused:
        config.check(path)
    assert message in str(refused.value)
    assert remedy in str(refused.value).rpartition("remedy:")[2]


def test_a_config_that_is_no_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "testnet.json"
    path.write_text("{")
    with pytest.raises(OperationError, match=r"testnet\.json is no JSON"):
        config.check(path)


def test_the_stream_is_read_as_three_results() -> None:
    lines = ["@ chatter", line("bad\n"), waits("a.0.b.12"), line("waived", "advisory"), '{"sequence": 2}']
    found = list(events.read(lines))
    assert [(one.result, one.path) for one in found] == [("violation", ""), ("deferred", "a.N.b.N"), ("advisory", "")]
    assert {one.type for one in found} == {"aws:ec2/eip:Eip"}
    assert found[0].text == "bad"


def test_a_deferral_of_another_rule_type_or_property_is_unlisted() -> None:
    listed = (deferrals.Deferral(rule="aws-no-ipv6", type="aws:ec2/eip:Eip", paths=("a.N",), reason="not known yet"),)
    found = list(events.read([waits("a.3"), waits("b"), waits("a.1", "aws-vpc-range")]))
    assert [(one.rule, one.path) for one in deferrals.unlisted(found, listed)] == [
        ("aws-no-ipv6", "b"),
        ("aws-vpc-range", "a.N"),
    ]
    assert deferrals.gone(found, listed) == []
    assert deferrals.gone([], listed) == list(listed)


@pytest.mark.parametrize(
    "text", ["deferrals: [{rule: a}]", "deferrals: 1", "other: []", "[", "deferrals: [{rule: a, x: 1}]"]
)
def test_a_broken_list_of_deferrals_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "deferrals.yaml"
    path.write_text(text)
    with pytest.raises(OperationError, match=r"deferrals\.yaml: .*"):
        deferrals.expected(path)


def test_every_listed_deferral_is_of_a_rule_that_there_is() -> None:
    rules = set(config.known(config.ALL))
    assert {one.rule for one in deferrals.expected()} <= rules


class Done:
    def __init__(self, stdout: str, returncode: int, stderr: str = "") -> None:
        self.stdout, self.returncode, self.stderr = stdout, returncode, stderr


class Judged:
    """A stack of which the engine says this."""

    stack = "testnet"

    def __init__(self, done: Done, resources: int = 7) -> None:
        self._done = done
        self._state = json.dumps({"version": 3, "deployment": {"resources": [{}] * resources}})

    def pulumi(self, *args: str, **settings: Any) -> Done:
        if args[:2] == ("stack", "export"):
            return Done(self._state, 0)
        assert args[:4] == ("policy", "analyze", "--stack", "testnet")
        return self._done


def test_what_a_state_violates_is_told_and_ends_with_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command.stacks, "chosen", lambda _: Judged(Done(line("opened to ::/0") + "\n" + waits("a"), 1)))
    assert command.main(["--stack", "testnet"]) == 1
    told = capsys.readouterr().out
    assert "violated:\n  aws-no-ipv6: opened to ::/0" in told
    assert "not judged:\n  aws-no-ipv6: string value at .a" in told
    assert "rules over 7 resources, 1 violations, 1 not judged, 0 to know" in told


def test_a_state_that_passes_ends_with_zero(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command.stacks, "chosen", lambda _: Judged(Done(line("waived", "advisory"), 0)))
    assert command.main(["--stack", "testnet"]) == 0
    assert "to know:\n  aws-no-ipv6: waived" in capsys.readouterr().out


def test_an_engine_that_could_not_judge_is_no_pass(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command.stacks, "chosen", lambda _: Judged(Done("", 1, "error: no such stack")))
    assert command.main(["--stack", "testnet"]) == 2
    assert "the state was not judged:\nerror: no such stack" in capsys.readouterr().err


def test_an_empty_state_is_no_pass(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(command.stacks, "chosen", lambda _: Judged(Done("", 0), resources=0))
    assert command.main(["--stack", "testnet"]) == 2
    assert "the state of testnet is empty: there is nothing to judge" in capsys.readouterr().err
