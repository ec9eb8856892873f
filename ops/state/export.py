"""A state as `pulumi stack export` prints it: read, and refused where it could not be put back or shows a secret.

Only what is marked secret is ciphertext in it. Names, addresses and topology stay readable, as in the state itself.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fleet.secrets import clear_secrets
from ops.errors import OperationError

# Deployment schema versions that the engine in use reads (sdk/go/common/apitype/core.go of Pulumi 3.259: current 3,
# latest 4; pkg/resource/stack/deployment.go refuses others).
OLDEST, NEWEST = 3, 4

# How the engine marks a special value, and that it is a secret (sdk/go/common/resource/sig/sig.go).
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a marker, no secret

ENCRYPTING = ("passphrase", "cloud", "service")
"""Types of secrets providers. There is also `b64`, which writes base64, so that everybody reads it."""
OWN_CIPHERTEXT = re.compile(r"v1:[A-Za-z0-9+/]+=*:[A-Za-z0-9+/]+=*")
"""What `passphrase` and `cloud` write: version, nonce and AES-GCM's output."""

URN = re.compile(r"urn:pulumi:(?P<stack>[^:]+)::(?P<project>[^:]+)::(?P<type>[^:].*?)::(?P<name>.+)", re.DOTALL)
TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)")
SHOWN = 5  # of many places, how many a message names


class Finding(OperationError):
    """A backup or a state is not what it should be: looked at, and found wrong. Commands end with status 1, not 2."""


def nanoseconds(time: str) -> int:
    """A time as the engine writes it (RFC 3339, up to nine decimals, any zone) in nanoseconds since 1970.

    Raises:
        ValueError: When it is no such time.
    """
    found = TIME.fullmatch(time)
    if found is None:
        raise ValueError(f"{time!r} is no time")
    whole = datetime.fromisoformat(f"{found[1]}{'+00:00' if found[3] == 'Z' else found[3]}")
    return round(whole.timestamp()) * 10**9 + int((found[2] or "").ljust(9, "0"))


@dataclass(frozen=True, eq=False)
class Export:
    """A state that can be put back. Made by `read` alone.

    `project` and `stack` are None where no resource names them. `time` is when the engine last wrote the state.
    """

    text: str = field(repr=False)
    document: dict[str, Any] = field(repr=False)
    project: str | None
    stack: str | None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def deployment(self) -> dict[str, Any]:
        return self.document["deployment"]

    @property
    def version(self) -> int:
        return self.document["version"]

    @property
    def time(self) -> str:
        return self.deployment["manifest"]["time"]

    @property
    def engine(self) -> str:
        return str(self.deployment["manifest"].get("version", ""))

    @property
    def resources(self) -> list[dict[str, Any]]:
        return self.deployment.get("resources") or []

    @property
    def pending(self) -> list[dict[str, Any]]:
        """Operations that had begun and not ended when the state was written."""
        return self.deployment.get("pending_operations") or []

    @property
    def provider(self) -> dict[str, Any]:
        """The secrets provider: `type`, and `state` with a salt, or a key's URL and the wrapped key."""
        return self.deployment.get("secrets_providers") or {}

    @property
    def provider_type(self) -> str:
        return str(self.provider.get("type", ""))

    def identities(self) -> set[tuple[str, str]]:
        """(URN, id) of all that stands for something in an account."""
        return {
            (r["urn"], r["id"])
            for r in self.resources
            if r.get("custom") and r.get("id") and not r.get("external") and ":pulumi:providers:" not in r["urn"]
        }

    def same_as(self, other: "Export") -> bool:
        """Whether both say the same. Ciphertexts differ at each import, and an import drops pending operations.

        The service has a key for each stack; imported elsewhere, another provider takes its place.
        """
        keyed = "service" not in (self.provider_type, other.provider_type)
        return _comparable(self, keyed=keyed) == _comparable(other, keyed=keyed)


def read(text: str, where: str) -> Export:
    """Takes an export in.

    Args:
        text: What `pulumi stack export` printed.
        where: What to call it in messages.

    Raises:
        Finding: When it is cut off, of another schema version, of several stacks, or shows what is marked secret.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Finding(
            f"{where} is not JSON ({error}): it was cut off or overwritten\n  remedy: use another backup"
        ) from None
    _check_shape(document, where)
    project, stack = _owner(document["deployment"], where)
    export = Export(text, document, project, stack)
    _check_secrets(export, where)
    return export


def refuse_keys_in_clear(export: Export, where: str, no_secret: frozenset[str] = frozenset()) -> None:
    """Refuses a state that holds what looks like a key, a token or a mnemonic without being marked secret.

    Args:
        no_secret: Places, as this function names them, that were looked at and hold no secret.

    Raises:
        Finding: With every such place, and without the value.
    """
    found = [
        f"{problem.field}: {problem.what}"
        for resource in export.resources
        for part in ("inputs", "outputs")
        for problem in clear_secrets(_readable(resource.get(part)), f"{_name(resource)}.{part}")
        if problem.field not in no_secret
    ]
    if found:
        raise Finding(
            f"{where} holds what should not be readable:\n{_some(found)}\n"
            "  remedy: replace the secret, it has leaked into the state; keep it out of the program or mark it secret, run "
            "`pulumi up`, and take the backup again. If it is no secret: --no-secret 'PLACE', as it stands before the colon"
        )


def _check_shape(document: object, where: str) -> None:
    remedy = "\n  remedy: use another backup; a backup is what `ops.state backup` writes, unchanged"
    if not isinstance(document, dict) or not isinstance(document.get("version"), int):
        raise Finding(f"{where} is no export of a stack: it has no version{remedy}")
    refuse_version(document["version"], where)
    deployment = document.get("deployment")
    manifest = deployment.get("manifest") if isinstance(deployment, dict) else None
    if not isinstance(deployment, dict) or not isinstance(manifest, dict):
        raise Finding(f"{where} is no export of a stack: it lacks deployment or deployment.manifest{remedy}")
    try:
        nanoseconds(str(manifest.get("time")))
    except ValueError as error:
        raise Finding(f"{where}: deployment.manifest.time: {error}{remedy}") from None
    for key in ("resources", "pending_operations"):
        if not isinstance(deployment.get(key) or [], list):
            raise Finding(f"{where}: deployment.{key} is no list{remedy}")
    if not isinstance(deployment.get("secrets_providers") or {}, dict):
        raise Finding(f"{where}: deployment.secrets_providers is no mapping{remedy}")


def refuse_version(version: int, where: str) -> None:
    """Refuses a deployment schema version that the engine in use does not read.

    Raises:
        Finding: With the version, and the way on.
    """
    if version < OLDEST:
        raise Finding(
            f"{where} has deployment version {version}, older than {OLDEST}, the oldest that is read\n"
            f"  remedy: import it into a scratch backend with the Pulumi CLI of its time, update the CLI step by step, and "
            "export it from there"
        )
    if version > NEWEST:
        raise Finding(
            f"{where} has deployment version {version}, newer than {NEWEST}, the newest that is read\n"
            "  remedy: update the Pulumi CLI to the one that wrote it, and this repository"
        )


def _owner(deployment: dict[str, Any], where: str) -> tuple[str | None, str | None]:
    owners: set[tuple[str, str]] = set()
    for index, resource in enumerate(deployment.get("resources") or []):
        urn = resource.get("urn") if isinstance(resource, dict) else None
        found = URN.fullmatch(urn) if isinstance(urn, str) else None
        if found is None:
            raise Finding(f"{where}: resource {index} has no URN\n  remedy: use another backup: this one was edited")
        owners.add((found["project"], found["stack"]))
    if len(owners) > 1:
        names = ", ".join(sorted(f"{project}/{stack}" for project, stack in owners))
        raise Finding(f"{where} holds resources of several stacks: {names}\n  remedy: use another backup")
    return owners.pop() if owners else (None, None)


def _check_secrets(export: Export, where: str) -> None:
    marked = [
        (f"{_name(resource)}{path}", value)
        for resource in export.resources
        for path, value in _secrets(resource)
    ]  # fmt: skip
    clear = [
        place for place, value in marked if "plaintext" in value or not _is_ciphertext(value, export.provider_type)
    ]
    if clear:
        raise Finding(
            f"{where} shows {len(clear)} secrets in clear:\n{_some(clear)}\n"
            "  remedy: remove that file; export without --show-secrets. If the state itself is like that, give the stack a "
            "secrets provider (docs/state.md), and replace the secrets: they have leaked"
        )
    if (marked or export.provider) and export.provider_type not in ENCRYPTING:
        raise Finding(
            f"{where} has the secrets provider {export.provider_type or 'none'!r}, which encrypts nothing\n"
            "  remedy: `pulumi stack change-secrets-provider passphrase` or a key service (docs/state.md), then again"
        )


def _is_ciphertext(value: dict[str, Any], provider: str) -> bool:
    text = value.get("ciphertext")
    if not isinstance(text, str) or not text:
        return False
    return provider == "service" or OWN_CIPHERTEXT.fullmatch(text) is not None


def places(export: Export) -> Iterator[str]:
    """Where each encrypted value stands."""
    for resource in export.resources:
        for path, _ in _secrets(resource):
            yield f"{_name(resource)}{path}"


def is_secret(value: object) -> bool:
    """Whether it is a value that is marked secret."""
    return isinstance(value, dict) and value.get(SIGNATURE) == SECRET


def _secrets(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every value that is marked secret, with its place."""
    if is_secret(value):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _secrets(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _secrets(inner, f"{path}[{index}]")


def _readable(value: Any) -> Any:
    """The value without what is marked secret."""
    if is_secret(value):
        return None
    if isinstance(value, dict):
        return {key: _readable(inner) for key, inner in value.items()}
    return [_readable(inner) for inner in value] if isinstance(value, list) else value


def _comparable(export: Export, *, keyed: bool) -> dict[str, Any]:
    deployment = deepcopy(export.deployment)
    deployment.pop("pending_operations", None)
    for resource in deployment.get("resources") or []:
        for _, value in _secrets(resource):
            value["ciphertext"] = ""
    deployment["secrets_providers"] = export.provider if keyed else {}
    return {"version": export.version, "deployment": deployment}


def _name(resource: dict[str, Any]) -> str:
    """Type and name, as a reader of a preview knows them."""
    return resource["urn"].split("::", 2)[2].split("$")[-1]


def _some(lines: list[str]) -> str:
    more = [f"  ... and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return "\n".join([f"  {line}" for line in lines[:SHOWN]] + more)
