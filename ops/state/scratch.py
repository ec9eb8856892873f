"""The proof of a backup: it is imported into a backend made for that alone, and comes out the same."""

import json
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ops.errors import OperationError
from ops.stacks import Completed, Stack
from ops.state import passphrase
from ops.state.export import Export, Finding, read
from ops.state.present import said

_NO_KEY = re.compile(r"constructing secrets manager of type")
_WRONG = re.compile(r"incorrect passphrase|message authentication failed|cipher: ")


class WrongPassphrase(Finding):
    """What is encrypted does not open with the passphrase file that is set."""


@dataclass(frozen=True)
class Scratch:
    """A file backend with one empty stack of the same name, in a folder that is gone afterwards."""

    stack: Stack
    folder: Path
    environment: dict[str, str]

    def pulumi(self, *args: str) -> Completed:
        """Runs `pulumi *args` there; the status is the caller's to look at."""
        place = ("--stack", self.stack.stack, "--cwd", str(self.folder), "--non-interactive", "--color", "never")
        return self.stack.pulumi(*args, *place, check=False, env=self.environment)

    def write_stack_file(self, provider: dict[str, object]) -> None:
        """Gives the scratch stack the secrets provider of a state."""
        (self.folder / f"Pulumi.{self.stack.stack}.yaml").write_text(json.dumps(provider))  # JSON is YAML


@contextmanager
def scratch(stack: Stack, *, own_home: bool = True) -> Iterator[Scratch]:
    """Makes one.

    Args:
        own_home: Keep the operator's PULUMI_HOME out. The service's secrets need the login that is in it.

    Raises:
        OperationError: When it cannot be made.
    """
    with tempfile.TemporaryDirectory(prefix="redoubt-state-") as name:  # mode 0700
        folder = Path(name)
        (folder / "state").mkdir()
        (folder / "Pulumi.yaml").write_text(json.dumps({"name": stack.project, "runtime": "python"}))
        throwaway = folder / "passphrase"
        throwaway.write_text(secrets.token_urlsafe(16))
        environment = {"PULUMI_BACKEND_URL": (folder / "state").as_uri()}
        if own_home:
            environment["PULUMI_HOME"] = str(folder / "home")
        else:
            environment[passphrase.FILE] = str(throwaway)  # a file backend cannot have the service's key
        init = Scratch(stack, folder, environment | {passphrase.FILE: str(throwaway)})
        done = init.pulumi("stack", "init", "--secrets-provider", "passphrase", "--no-select")
        if done.returncode != 0:
            raise OperationError(
                f"no scratch backend could be made in {folder}:\n{said(done)}\n"
                "  remedy: TMPDIR must name a folder with room; `pulumi version` must work"
            )
        yield Scratch(stack, folder, environment)


def check(stack: Stack, export: Export, where: str) -> None:
    """Imports an export into a scratch backend with its own secrets provider, exports it again and compares.

    Raises:
        OperationError: When it could not be tried.
        Finding: When it does not decrypt, is refused by the engine, or comes out as something else.
    """
    with scratch(stack, own_home=export.provider_type != "service") as place:
        file = place.folder / "export.json"
        file.write_text(export.text)
        _probe(place, export, where)
        done = place.pulumi("stack", "import", "--file", str(file))
        if done.returncode != 0:
            _refuse_wrong_key(place, done, where)
            _refuse_no_key(done, where)
            raise Finding(
                f"{where} cannot be imported; in a scratch backend the engine says:\n{said(done)}\n"
                "  remedy: use another backup, or the Pulumi CLI that wrote it. A present state like that: `pulumi state "
                "repair`, then again"
            )
        done = place.pulumi("stack", "export")
        if done.returncode != 0:
            raise OperationError(f"the scratch backend cannot be read:\n{said(done)}\n  remedy: run this again")
        if not read(done.stdout, f"{where}, exported again").same_as(export):
            raise Finding(
                f"{where} comes out of a scratch backend as something else\n"
                "  remedy: use the Pulumi CLI that wrote it; a newer or older one reads it differently"
            )


def _probe(place: Scratch, export: Export, where: str) -> None:
    """A state without a secret imports with any passphrase: so one value is encrypted with its salt."""
    if export.provider_type != "passphrase":
        return  # a key service is asked to unwrap the key at every import
    place.write_stack_file({"encryptionsalt": (export.provider.get("state") or {}).get("salt", "")})
    done = place.pulumi("config", "set", "--secret", "probe", "probe")
    if done.returncode != 0:
        _refuse_wrong_key(place, done, where)
        raise Finding(f"{where} has a salt that the engine refuses:\n{said(done)}\n  remedy: use another backup")


def _refuse_wrong_key(place: Scratch, done: Completed, where: str) -> None:
    if _WRONG.search(said(done)):
        file = place.stack.environment().get(passphrase.FILE, "")
        raise WrongPassphrase(
            f"{where} does not decrypt with the passphrase in {file}\n"
            f"  remedy: {passphrase.FILE} must name the passphrase file of that time. Lost for good: docs/state.md, "
            "passphrase lost"
        )


def _refuse_no_key(done: Completed, where: str) -> None:
    """A key service that does not answer, or not to this login, says nothing about the backup."""
    if _NO_KEY.search(said(done)):
        raise OperationError(
            f"{where} could not be decrypted: its key service was not asked with success:\n{said(done)}\n"
            "  remedy: log in to the key service; the key must exist and let this login decrypt"
        )
