"""The manifest beside a backup: what was exported, from where and when. It is written last, once the backup is checked."""

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime

from ops.state.export import Export, Finding, nanoseconds, places, refuse_version

KIND = "redoubt.state-backup"
SCHEMA = 1

BACKUP = "backup"
RESTORE = "restore"  # kept before another state was put in its place
TAKEN_FOR = (BACKUP, RESTORE)


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What is known of one backup.

    Attributes:
        export: The export's file name, in the manifest's folder.
        state_time: When the engine last wrote the state (RFC 3339).
        taken: When the backup was taken (RFC 3339), by this machine's clock.
        taken_for: `backup`, or `restore` for what stood there before a restore.
        checked: Whether it was imported into a scratch backend and came out the same.
        secrets: How many values are encrypted.
    """

    project: str
    stack: str
    export: str
    sha256: str
    deployment_version: int
    cli_version: str
    state_time: str
    resources: int
    pending_operations: int
    secrets: int
    secrets_provider: str
    taken: str
    taken_for: str
    checked: bool

    def text(self) -> str:
        """The manifest as its file holds it."""
        return json.dumps({"kind": KIND, "schema_version": SCHEMA, **asdict(self)}, indent=1) + "\n"

    def refuse_changed(self, text: str, where: str) -> None:
        """Refuses a text that is not, byte for byte, the one this manifest was written for.

        Raises:
            Finding: With both checksums.
        """
        found = hashlib.sha256(text.encode()).hexdigest()
        if found != self.sha256:
            raise Finding(
                f"{where} has the SHA-256 {found[:12]}..., its manifest says {self.sha256[:12]}...: it was cut off or "
                "changed after it was taken\n  remedy: use another backup, and find out who wrote to this one"
            )

    def refuse_other(self, export: Export, where: str) -> None:
        """Refuses an export that is not what this manifest says it is.

        Raises:
            Finding: With what differs.
        """
        fits = describe(
            export,
            owner=(export.project or self.project, export.stack or self.stack),
            name=self.export,
            cli=self.cli_version,
            taken_for=self.taken_for,
            checked=self.checked,
            taken=self.taken,
        )
        wrong = [f.name for f in fields(self) if getattr(self, f.name) != getattr(fits, f.name)]
        if wrong:
            said = ", ".join(f"{name} {getattr(self, name)!r} and not {getattr(fits, name)!r}" for name in wrong)
            raise Finding(
                f"the manifest of {where} does not fit: it says {said}\n"
                "  remedy: use another backup, and find out who wrote to this one"
            )


def describe(
    export: Export,
    *,
    owner: tuple[str, str],
    name: str,
    cli: str,
    taken_for: str,
    checked: bool,
    taken: str | None = None,
) -> Manifest:
    """The manifest of an export.

    Args:
        owner: Project and stack.
        name: The export's file name.
        cli: What `pulumi version` says.
        taken: When; now, where it is not given.
    """
    return Manifest(
        project=owner[0],
        stack=owner[1],
        export=name,
        sha256=export.sha256,
        deployment_version=export.version,
        cli_version=cli,
        state_time=export.time,
        resources=len(export.resources),
        pending_operations=len(export.pending),
        secrets=sum(1 for _ in places(export)),
        secrets_provider=export.provider_type,
        taken=taken or datetime.now(UTC).isoformat(),
        taken_for=taken_for,
        checked=checked,
    )


def parse(text: str, where: str) -> Manifest:
    """Takes a manifest in.

    Raises:
        Finding: When it is cut off, of another schema version, or lacks a part.
    """
    remedy = "\n  remedy: use another backup; to go on without this one, move both its files to another folder"
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Finding(f"{where} is not JSON ({error}): it was cut off or overwritten{remedy}") from None
    if not isinstance(content, dict) or content.get("kind") != KIND:
        raise Finding(f"{where} is no manifest of a backup{remedy}")
    version = content.get("schema_version")
    if not isinstance(version, int) or version < SCHEMA:
        raise Finding(
            f"{where} has schema version {version!r}, older than {SCHEMA}, the oldest that is read\n"
            "  remedy: read it with the release of this repository that wrote it"
        )
    if version > SCHEMA:
        raise Finding(
            f"{where} has schema version {version}, newer than {SCHEMA}, the newest that is read\n"
            "  remedy: update this repository to the release that wrote it"
        )
    wrong = [f.name for f in fields(Manifest) if type(content.get(f.name)) is not f.type]
    if wrong:
        raise Finding(f"{where} lacks, or has in another form: {', '.join(wrong)}{remedy}")
    result = Manifest(**{f.name: content[f.name] for f in fields(Manifest)})
    _check(result, where, remedy)
    return result


def _check(manifest: Manifest, where: str, remedy: str) -> None:
    if "/" in manifest.export or manifest.export in ("", ".", ".."):
        raise Finding(f"{where}: export: {manifest.export!r} is no file name{remedy}")
    if manifest.taken_for not in TAKEN_FOR:
        raise Finding(f"{where}: taken_for: {manifest.taken_for!r} is not known{remedy}")
    for name in ("state_time", "taken"):
        try:
            nanoseconds(getattr(manifest, name))
        except ValueError as error:
            raise Finding(f"{where}: {name}: {error}{remedy}") from None
    refuse_version(manifest.deployment_version, where)
