"""Exports, manifests, folders and passphrase files: what is read, and each refusal with its remedy."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ops.errors import OperationError
from ops.state import folder, passphrase
from ops.state.export import SECRET, SIGNATURE, Export, Finding, nanoseconds, places, read, refuse_keys_in_clear
from ops.state.manifest import KIND, SCHEMA, Manifest, describe, parse

Document = dict[str, Any]

TIME = "2026-11-21T17:18:25.835280319Z"
CIPHER = "v1:CnPjVaBIub3bYfLQ:upf+O5DBLwKyMGrAmOzUt/i3TQQv5Pjwx1PwjjMVO4a5"


def resource(name: str, *, stack: str = "testnet", project: str = "redoubt", **fields: Any) -> Document:
    urn = f"urn:pulumi:{stack}::{project}::redoubt:aws:Site$aws:ec2/instance:Instance::{name}"
    return {"urn": urn, "custom": True, "id": f"i-{name}", "type": "aws:ec2/instance:Instance", **fields}


def secret(**value: Any) -> Document:
    return {SIGNATURE: SECRET, **value}


def document(**deployment: Any) -> Document:
    return {
        "version": 3,
        "deployment": {
            "manifest": {"time": TIME, "magic": "m", "version": "v3.259.0"},
            "secrets_providers": {"type": "passphrase", "state": {"salt": "v1:a=:v1:b:c"}},
            "resources": [
                resource("one", inputs={"size": 3}, outputs={"labels": secret(ciphertext=CIPHER)}),
                resource("two", inputs={"tags": ["a"]}),
            ],
            **deployment,
        },
    }


def export(**deployment: Any) -> Export:
    return read(json.dumps(document(**deployment)), "it")


def manifest(of: Export, **fields: Any) -> Manifest:
    name = folder.name_of("redoubt", "testnet", of)
    made = describe(of, owner=("redoubt", "testnet"), name=name, cli="v3.259.0", taken_for="backup", checked=True)
    return replace(made, **fields)


def test_an_export_says_whose_it_is_and_what_it_holds() -> None:
    found = export()
    assert (found.project, found.stack, found.time, found.version) == ("redoubt", "testnet", TIME, 3)
    assert len(found.resources) == 2
    assert list(places(found)) == ["aws:ec2/instance:Instance::one.outputs.labels"]
    assert len(found.identities()) == 2


def test_secrets_are_not_shown_by_repr() -> None:
    assert CIPHER not in repr(export())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not JSON"),
        (json.dumps(document())[:200], "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "it has no version"),
        ('"text"', "it has no version"),
        ("null", "it has no version"),
        ('{"version": "3"}', "it has no version"),
        ('{"version": 3}', "lacks deployment"),
        ('{"version": 3, "deployment": []}', "lacks deployment"),
        ('{"version": 3, "deployment": {}}', "lacks deployment"),
        (json.dumps(document(manifest={})), "deployment.manifest.time: 'None' is no time"),
        (json.dumps(document(manifest={"time": "yesterday"})), "'yesterday' is no time"),
        (json.dumps(document(resources={"a": 1})), "deployment.resources is no list"),
        (json.dumps(document(pending_operations="x")), "deployment.pending_operations is no list"),
        (json.dumps(document(secrets_providers=["x"])), "deployment.secrets_providers is no mapping"),
        (json.dumps(document(resources=[7])), "resource 0 has no URN"),
        (json.dumps(document(resources=[{"urn": "urn:pulumi:x"}])), "resource 0 has no URN"),
        (json.dumps(document(resources=[{"urn": 7}])), "resource 0 has no URN"),
        (
            json.dumps(document(resources=[resource("a"), resource("b", stack="mainnet")])),
            "resources of several stacks: redoubt/mainnet, redoubt/testnet",
        ),
        (json.dumps(document() | {"version": 2}), "deployment version 2, older than 3"),
        (json.dumps(document() | {"version": 5}), "deployment version 5, newer than 4"),
    ],
)
def test_what_is_no_export_is_refused_with_a_remedy(text: str, message: str) -> None:
    with pytest.raises(Finding) as refused:
        read(text, "it")
    assert message in str(refused.value)
    assert "\n  remedy: " in str(refused.value)


@pytest.mark.parametrize(
    "value",
    [
        secret(plaintext='"hush"'),
        secret(plaintext='"hush"', ciphertext=CIPHER),
        secret(ciphertext=""),
        secret(ciphertext=7),
        secret(ciphertext="hush"),
        secret(ciphertext="aHVzaA=="),
        secret(),
    ],
)
def test_a_secret_that_is_not_encrypted_is_named_and_not_repeated(value: Document) -> None:
    with pytest.raises(Finding, match="shows 1 secrets in clear") as refused:
        export(resources=[resource("one", inputs={"a": [{"b": value}]})])
    assert "aws:ec2/instance:Instance::one.inputs.a[0].b" in str(refused.value)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("kind", ["b64", "", "rot13"])
def test_a_provider_that_encrypts_nothing_is_refused(kind: str) -> None:
    with pytest.raises(Finding, match="encrypts nothing"):
        export(secrets_providers={"type": kind})


def test_a_state_with_secrets_and_no_provider_is_refused() -> None:
    with pytest.raises(Finding, match="secrets provider 'none', which encrypts nothing"):
        export(secrets_providers=None)


def test_of_many_places_some_are_named() -> None:
    many = [resource(str(number), inputs={"a": secret(plaintext="1")}) for number in range(9)]
    with pytest.raises(Finding, match=r"\.\.\. and 4 more"):
        export(resources=many)


@pytest.mark.parametrize(
    ("inputs", "what"),
    [
        ({"userData": "-----BEGIN OPENSSH PRIVATE KEY-----\nabc"}, "a private key"),
        ({"note": "AGE-SECRET-KEY-1" + "Q" * 58}, "an age identity"),
        ({"conf": ["PrivateKey = abc"]}, "a WireGuard private key"),
        ({"secretKey": "hush"}, "named like a secret"),
        ({"nested": {"password": "hush"}}, "named like a secret"),
    ],
)
def test_what_looks_like_a_key_is_refused_until_it_is_said_to_be_none(inputs: Document, what: str) -> None:
    state = export(resources=[resource("one", inputs=inputs)])
    with pytest.raises(Finding, match=what) as refused:
        refuse_keys_in_clear(state, "it")
    assert "hush" not in str(refused.value)
    place = str(refused.value).splitlines()[1].strip().split(": ")[0]
    refuse_keys_in_clear(state, "it", frozenset({place}))


def test_what_is_encrypted_is_not_taken_for_a_key() -> None:
    refuse_keys_in_clear(export(resources=[resource("one", inputs={"password": secret(ciphertext=CIPHER)})]), "it")


def test_two_exports_are_the_same_but_for_ciphertexts_and_pending_operations() -> None:
    other = CIPHER.replace("C", "D")
    anew = [
        resource("one", inputs={"size": 3}, outputs={"labels": secret(ciphertext=other)}),
        document()["deployment"]["resources"][1],
    ]
    assert export().same_as(export(resources=anew))
    assert export().same_as(export(pending_operations=[{"type": "creating", "resource": resource("three")}]))
    assert not export().same_as(export(resources=anew[:1]))
    assert not export().same_as(export(secrets_providers={"type": "passphrase", "state": {"salt": "v1:z=:v1:b:c"}}))


def test_a_backup_of_the_services_is_compared_without_its_key() -> None:
    service = export(
        secrets_providers={"type": "service", "state": {"url": "https://api.pulumi.com"}},
        resources=[
            resource("one", inputs={"size": 3}, outputs={"labels": secret(ciphertext="b3BhcXVl")}),
            resource("two", inputs={"tags": ["a"]}),
        ],
    )
    assert service.same_as(export())
    assert export().same_as(service)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("2026-11-21T17:18:25Z", "2026-11-21T17:18:25.000000001Z"),
        ("2026-11-21T17:18:25.9Z", "2026-11-21T17:18:25.91Z"),
        ("2026-11-21T17:18:25.123456788Z", "2026-11-21T17:18:25.123456789Z"),
        ("2026-11-21T18:18:25+02:00", "2026-11-21T17:18:25Z"),
        ("2026-11-21T17:18:25Z", "2026-11-21T12:18:26-05:00"),
    ],
)
def test_times_are_compared_to_the_nanosecond_and_across_zones(earlier: str, later: str) -> None:
    assert nanoseconds(earlier) < nanoseconds(later)


@pytest.mark.parametrize("text", ["", "2026-11-21", "2026-11-21T17:18:25", "2026-13-21T17:18:25Z", "now", "1795281505"])
def test_what_is_no_time_is_an_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - datetime words its own
        nanoseconds(text)


def changed(**fields: Any) -> str:
    return json.dumps(json.loads(manifest(export()).text()) | fields)


def without(name: str) -> str:
    content = json.loads(manifest(export()).text())
    del content[name]
    return json.dumps(content)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not JSON"),
        (manifest(export()).text()[:-5], "is not JSON"),
        ("[]", "is no manifest of a backup"),
        ("{}", "is no manifest of a backup"),
        (changed(kind="other"), "is no manifest of a backup"),
        (changed(schema_version=0), "schema version 0, older than 1"),
        (changed(schema_version=None), "schema version None, older than 1"),
        (changed(schema_version=2), "schema version 2, newer than 1"),
        (changed(deployment_version=2), "deployment version 2, older than 3"),
        (changed(deployment_version=9), "deployment version 9, newer than 4"),
        (changed(resources="2"), "in another form: resources"),
        (changed(checked=1), "in another form: checked"),
        (changed(resources=True), "in another form: resources"),
        (changed(export="../other.json"), "is no file name"),
        (changed(export=".."), "is no file name"),
        (changed(taken_for="fun"), "taken_for: 'fun' is not known"),
        (changed(taken="now"), "taken: 'now' is no time"),
        (changed(state_time="x"), "state_time: 'x' is no time"),
        *((without(name), f"in another form: {name}") for name in ("project", "stack", "sha256", "export", "checked")),
    ],
)
def test_a_manifest_that_cannot_be_trusted_is_refused_with_a_remedy(text: str, message: str) -> None:
    with pytest.raises(Finding) as refused:
        parse(text, "it")
    assert message in str(refused.value)
    assert "\n  remedy: " in str(refused.value)


def test_a_manifest_is_read_as_it_was_written() -> None:
    made = manifest(export())
    assert parse(made.text(), "it") == made
    content = json.loads(made.text())
    assert (content["kind"], content["schema_version"]) == (KIND, SCHEMA)
    assert made.refuse_other(export(), "it") is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("resources", 3), ("stack", "mainnet"), ("project", "other"), ("secrets", 0), ("state_time", "2027-01-01T00:00:00Z"),
     ("secrets_provider", "cloud"), ("pending_operations", 1), ("deployment_version", 4)],
)  # fmt: skip
def test_a_manifest_that_does_not_fit_its_export_is_refused(field: str, value: Any) -> None:
    with pytest.raises(Finding, match=rf"says .*{field} {value!r} and not"):
        manifest(export(), **{field: value}).refuse_other(export(), "it")


def kept(path: Path, of: Export, **fields: Any) -> Path:
    made = manifest(of, **fields)
    written = folder.add(path, made.export, of.text)
    folder.add(path, folder.manifest_path(written).name, made.text())
    return written


def test_a_folder_lists_the_backups_of_one_stack_by_when_they_were_taken(tmp_path: Path) -> None:
    late = kept(tmp_path, export(), taken="2026-11-22T00:00:00Z")
    early = kept(tmp_path, export(manifest={"time": "2027-01-01T00:00:00Z"}), taken="2026-11-21T23:00:00Z")
    folder.add(tmp_path, "redoubt.mainnet.20261121T171825.835280319Z.00000000.manifest.json", "not looked at")
    folder.add(tmp_path, "redoubt.testnet.x.20261121T171825.835280319Z.00000000.manifest.json", "nor this")
    folder.add(tmp_path, "redoubt.testnet.20261121T171825.835280319Z.11111111.json", "cut off before its manifest")
    found = folder.backups(tmp_path, "redoubt", "testnet")
    assert [one.path for one in found] == [early, late]
    last, newest = folder.last_taken(found), folder.newest_state(found)
    assert last is not None
    assert newest is not None
    assert (last.path, newest.path) == (late, early)


def test_what_was_kept_before_a_restore_is_not_the_last_backup(tmp_path: Path) -> None:
    kept(tmp_path, export(), taken_for="restore")
    found = folder.backups(tmp_path, "redoubt", "testnet")
    assert len(found) == 1
    assert folder.last_taken(found) is None


def test_no_folder_has_no_backups(tmp_path: Path) -> None:
    assert folder.backups(tmp_path / "none", "redoubt", "testnet") == []


def test_a_damaged_manifest_is_not_passed_over(tmp_path: Path) -> None:
    path = kept(tmp_path, export())
    folder.manifest_path(path).write_text("{")
    with pytest.raises(Finding, match="is not JSON"):
        folder.backups(tmp_path, "redoubt", "testnet")


def test_a_backup_is_named_by_either_of_its_files(tmp_path: Path) -> None:
    path = kept(tmp_path, export())
    assert folder.open_backup(path) == folder.open_backup(folder.manifest_path(path))
    with pytest.raises(OperationError, match="there is no backup"):
        folder.open_backup(tmp_path / "other.json")


def test_a_renamed_backup_is_refused(tmp_path: Path) -> None:
    path = kept(tmp_path, export())
    other = path.rename(tmp_path / "other.json")
    folder.manifest_path(path).rename(folder.manifest_path(other))
    with pytest.raises(Finding, match="put both files back under the names they had"):
        folder.open_backup(other)


@pytest.mark.parametrize(
    "how",
    [
        lambda path: path.write_text(path.read_text()[:-1]),
        lambda path: path.write_text(path.read_text().replace("i-one", "i-two")),
        lambda path: path.write_text(""),
        lambda path: path.write_bytes(b"\xff\xfe"),
        lambda path: path.unlink(),
    ],
    ids=["short", "changed", "empty", "binary", "gone"],
)
def test_a_spoilt_export_is_refused(tmp_path: Path, how: Callable[[Path], object]) -> None:
    path = kept(tmp_path, export())
    how(path)
    with pytest.raises(Finding, match="remedy: use another backup"):
        folder.open_backup(path).load()


def test_files_are_private_and_never_overwritten(tmp_path: Path) -> None:
    path = folder.add(tmp_path / "new", "a.json", "one")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert folder.add(tmp_path / "new", "a.json", "one") == path
    with pytest.raises(OperationError, match="exists with another content"):
        folder.add(tmp_path / "new", "a.json", "two")
    assert path.read_text() == "one"
    assert [one.name for one in path.parent.iterdir()] == ["a.json"]


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OperationError, match=r"nothing was written to .*file.*\n  remedy: "):
        folder.add(tmp_path / "file", "a.json", "one")


@pytest.mark.parametrize("value", ["hush", ""])
def test_a_passphrase_in_the_environment_is_refused_even_empty(value: str) -> None:
    with pytest.raises(OperationError, match="PULUMI_CONFIG_PASSPHRASE is set") as refused:
        passphrase.refuse_in_environment({passphrase.VALUE: value, passphrase.FILE: "/x"})
    assert "mode 0600" in str(refused.value)
    assert "hush" not in str(refused.value)
    passphrase.refuse_in_environment({passphrase.FILE: "/x"})


def test_a_passphrase_file_that_others_may_read_is_warned_of(tmp_path: Path) -> None:
    path = tmp_path / "phrase"
    path.write_text("hush")
    path.chmod(0o600)
    assert passphrase.check_file({passphrase.FILE: str(path)}) == []
    for mode in (0o640, 0o604, 0o660):
        path.chmod(mode)
        (warning,) = passphrase.check_file({passphrase.FILE: str(path)})
        assert f"mode {mode:04o}" in warning
        assert f"`chmod 600 {path}`" in warning


def test_a_passphrase_file_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.write_text("\n")
    os.mkfifo(tmp_path / "pipe")
    for name, message in (
        ("", "is not set"),
        (str(tmp_path / "none"), "No such file"),
        (str(tmp_path), "is no regular file"),
        (str(tmp_path / "pipe"), "is no regular file"),
        (str(empty), "is empty"),
    ):
        with pytest.raises(OperationError, match=message) as refused:
            passphrase.check_file({passphrase.FILE: name})
        assert "\n  remedy: " in str(refused.value)
