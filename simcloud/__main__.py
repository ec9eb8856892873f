"""The ledger from the command line: `python -m simcloud ls`, `purge`, `set`, `faults`; docs/simulated-clouds.md.

`change` changes the account behind the engine's back; docs/drift.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any, get_args

from simcloud import drift, faults
from simcloud.core.errors import SimcloudError
from simcloud.ledger import ENVIRONMENT, Ledger, Record, open_ledger

USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0, or 2 with an error on standard error."""
    parsed = _parser().parse_args(arguments)
    try:
        ledger = open_ledger(parsed.ledger)
        parsed.run(ledger, parsed)
    except SimcloudError as error:
        print(f"error: {error}", file=sys.stderr)
        return USAGE_ERROR
    return 0


def _ls(ledger: Ledger, parsed: argparse.Namespace) -> None:
    records = ledger.records(type=parsed.type, stack=parsed.stack)
    rows = [(record.region or "global", record.type, record.id, _origin(record)) for record in records]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row, record in zip(rows, records, strict=True):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print(f"{'  '.join(cells)}{_state(record)}".rstrip())
    print(f"{len(records)} records of {len(ledger.stacks())} stacks in {ledger.path}")


def _origin(record: Record) -> str:
    return f"{record.stack} {record.name}" if record.urn else "(made by the cloud)"


def _state(record: Record) -> str:
    words = [f"{name}={value}" for name, value in sorted(record.hidden.items())]
    return f" [{', '.join(words)}]" if words else ""


def _purge(ledger: Ledger, parsed: argparse.Namespace) -> None:
    gone = ledger.purge(parsed.stack)
    print(f"removed {len(gone)} records of {parsed.stack} from {ledger.path}")


def _set(ledger: Ledger, parsed: argparse.Namespace) -> None:
    if parsed.name:
        ledger.set(parsed.name, parsed.value)
    for name, value in ledger.settings().items():
        print(f"{name} = {value}")


def _faults_add(ledger: Ledger, parsed: argparse.Namespace) -> None:
    chosen = {name: getattr(parsed, name) for name in ("operation", "type", "name", "nth", "times", "seconds")}
    message = {"message": parsed.message} if parsed.message else {}
    faults.add(ledger, faults.Fault(kind=parsed.kind, **chosen, **message))


def _faults_ls(ledger: Ledger, _parsed: argparse.Namespace) -> None:
    for fault in faults.pending(ledger):
        place = f"{fault.operation} of {fault.type} named {fault.name}"
        print(f"{fault.kind} at {place}: from matching call {fault.nth} on, {fault.times} times")


def _faults_clear(ledger: Ledger, _parsed: argparse.Namespace) -> None:
    faults.clear(ledger)


def _place(parsed: argparse.Namespace) -> drift.Place:
    return drift.Place(type=parsed.type, name=parsed.name, stack=parsed.stack)


def _change_delete(ledger: Ledger, parsed: argparse.Namespace) -> None:
    _print_gone(drift.delete(ledger, _place(parsed), force=parsed.force))


def _change_release(ledger: Ledger, parsed: argparse.Namespace) -> None:
    _print_gone(drift.release(ledger, _place(parsed)))


def _print_gone(gone: list[Record]) -> None:
    for record in gone:
        print(f"gone: {record.type} {record.name or '(made by the cloud)'} {record.id}")
    if not gone:
        print("nothing is gone: the cloud keeps it and ends its use")


def _change_key(ledger: Ledger, parsed: argparse.Namespace) -> None:
    _print_changed(drift.schedule_deletion(ledger, _place(parsed)))


def _change_set(ledger: Ledger, parsed: argparse.Namespace) -> None:
    _print_changed(drift.set_property(ledger, _place(parsed), parsed.path, _value(parsed.value)))


def _change_tags(ledger: Ledger, parsed: argparse.Namespace) -> None:
    _print_changed(drift.strip_tags(ledger, _place(parsed)))


def _change_open(ledger: Ledger, parsed: argparse.Namespace) -> None:
    _print_changed(drift.open_rule(ledger, _place(parsed), parsed.source, parsed.port))


def _print_changed(record: Record) -> None:
    print(f"changed: {record.type} {record.name} {record.id}{_state(record)}")


def _value(text: str) -> Any:
    """JSON where it is JSON (`8`, `false`, `null`, `["a"]`), else the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simcloud", description="Look into the simulated account.")
    parser.add_argument("--ledger", help=f"the ledger's file; without it the one that {ENVIRONMENT} names")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    ls = commands.add_parser("ls", help="list what exists")
    ls.add_argument("--type", help="only this type, for example aws:ec2/instance:Instance")
    ls.add_argument("--stack", help="only what this stack created: STACK or PROJECT/STACK")
    ls.set_defaults(run=_ls)

    purge = commands.add_parser("purge", help="remove everything a stack created, whatever depends on it")
    purge.add_argument("stack", help="STACK or PROJECT/STACK")
    purge.set_defaults(run=_purge)

    settings = commands.add_parser("set", help="change a setting, such as quota.elastic-ips; alone: show them")
    settings.add_argument("name", nargs="?")
    settings.add_argument("value", nargs="?", default="")
    settings.set_defaults(run=_set)

    _add_faults(commands.add_parser("faults", help="order faults for the providers to run into"))
    _add_changes(commands.add_parser("change", help="change the account behind the engine's back"))
    return parser


def _add_changes(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, does: str, run: Any) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=does)
        command.add_argument("type", help="the resource's type, for example aws:ebs/volume:Volume")
        command.add_argument("name", help="its logical name, for example s1-cosigner-1")
        command.add_argument("--stack", help="STACK or PROJECT/STACK, where several have a resource of that name")
        command.set_defaults(run=run)
        return command

    delete = add("delete", "delete a resource as the cloud's console would", _change_delete)
    delete.add_argument("--force", action="store_true", help="also what the cloud would refuse")
    setting = add("set", "set a property, tag or label", _change_set)
    setting.add_argument("path", help='for example size, metadata.ssh-keys, tags["redoubt:role"]')
    setting.add_argument("value", help="JSON, or a text; null takes it away")
    add("strip-tags", "take all tags or labels off", _change_tags)
    opened = add("open", "open a firewall, a security group or a rule of it", _change_open)
    opened.add_argument("--source", default=drift.EVERYWHERE, help="to whom (default: %(default)s)")
    opened.add_argument("--port", type=int, default=22, help="which port, where a rule is added (default: %(default)s)")
    add("release", "release a public address", _change_release)
    add("schedule-deletion", "schedule a key's deletion, which ends its use at once", _change_key)


def _add_faults(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    effects = "; ".join(f"{kind}: {effect}" for kind, effect in faults.EFFECTS.items())
    add = commands.add_parser("add", help="order a fault", epilog=effects)
    add.add_argument("kind", choices=list(faults.EFFECTS))
    add.add_argument("--operation", choices=get_args(faults.Operation), default="create")
    add.add_argument("--type", default="*", help="a resource type, may hold * and ?")
    add.add_argument("--name", default="*", help="a resource's logical name, may hold * and ?")
    add.add_argument("--nth", type=int, default=1, help="the matching call that it fires at first")
    add.add_argument("--times", type=int, default=1, help="how often it fires")
    add.add_argument("--seconds", type=float, default=0.0, help="for delay")
    add.add_argument("--message", help="what the cloud answers")
    add.set_defaults(run=_faults_add)
    commands.add_parser("ls", help="the faults that still fire").set_defaults(run=_faults_ls)
    commands.add_parser("clear", help="forget all faults").set_defaults(run=_faults_clear)


if __name__ == "__main__":
    sys.exit(main())
