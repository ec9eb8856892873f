"""The hooks by which a host says no: to go down beside another one, to go while it is kept, to be made a second time.

The engine calls them in the program's process when it is about to act, never at a preview. A failing hook stops the
action. They are named and registered in every run, also where nothing carries them: a resource whose site is gone from
the config is deleted by the hooks of the state (an unknown name would stop that).
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import pulumi

from components.state import PresentState
from fleet.plan import Plan
from fleet.roles import PROTECTED_ROLES
from fleet.takedown import CountedQuorum, Takedowns, host_of, role_of

DELETE: Final = "redoubt-before-delete"
UPDATE: Final = "redoubt-before-update"
CREATE: Final = "redoubt-before-create"
KEY: Final = "redoubt-before-key-delete"
"""The hooks' names stand in the state: never rename one."""

Search = Callable[[], Awaitable[list[str]]]
"""Asks the account what it has: ids of machines or volumes."""


class Guard:
    """The hooks of one run of the program."""

    def __init__(self, planned: Plan, state: PresentState) -> None:
        self._planned = planned
        self._state = state
        self._takedowns = Takedowns(planned, CountedQuorum(planned))
        self._runs_on: dict[str, frozenset[str]] = {}
        self._searches: dict[str, Search] = {}
        self._delete = pulumi.ResourceHook(DELETE, self._before_delete)
        self._update = pulumi.ResourceHook(UPDATE, self._before_update)
        self._create = pulumi.ResourceHook(CREATE, self._before_create)
        self._key = pulumi.ResourceHook(KEY, self._before_key_delete)

    def part(self, host: str) -> pulumi.ResourceHookBinding | None:
        """Hooks of what a host cannot be without: its address, its volume, their attachments."""
        return pulumi.ResourceHookBinding(before_delete=[self._delete]) if _guarded(host) else None

    def machine(
        self, token: str, host: str, *, runs_on: frozenset[str], search: Search | None = None
    ) -> pulumi.ResourceHookBinding:
        """Hooks of an instance.

        Args:
            token: The resource's type.
            host: The host's name.
            runs_on: Inputs that change while the machine runs; a change of any other counts as taking it down.
            search: Ids of the machines of this name that the account has; None where the provider lets no two
                machines have one name, and so refuses a second by itself.
        """
        self._runs_on[token] = runs_on
        if search is not None:
            self._searches[host] = search
        return pulumi.ResourceHookBinding(
            before_create=[self._create] if search else None,
            before_update=[self._update] if _guarded(host) else None,
            before_delete=[self._delete] if _guarded(host) else None,
        )

    def volume_key(self, name: str, search: Search) -> pulumi.ResourceHookBinding:
        """Hooks of a key that volumes are encrypted with; `search` gives the ids of volumes that still need it."""
        self._searches[name] = search
        return pulumi.ResourceHookBinding(before_delete=[self._key])

    def _before_delete(self, args: pulumi.ResourceHookArgs) -> None:
        host = host_of(args.name)
        if host is None:
            return
        planned = self._planned.host.get(host)
        kept = (
            self._planned.keeps(planned) if planned else self._planned.protected and args.urn in self._state.protected
        )
        if kept:
            raise _Refused(
                f"refused to delete {_named(args)}: {host} is kept\n"
                f"  remedy: to remove or replace it, name {host} in let_go, run `pulumi up`, then make the change"
            )
        self._ask(host, f"delete {_named(args)}")

    def _before_update(self, args: pulumi.ResourceHookArgs) -> None:
        host = host_of(args.name)
        stopping = sorted(
            changed(args.old_inputs or {}, args.new_inputs or {}) - self._runs_on.get(args.type, frozenset())
        )
        if host is not None and stopping:
            self._ask(host, f"change {', '.join(stopping)} of {_named(args)} (which stops it)")

    def _ask(self, host: str, change: str) -> None:
        refusal = self._takedowns.refusal(host, change)
        if refusal is not None:
            raise _Refused(refusal)

    async def _before_create(self, args: pulumi.ResourceHookArgs) -> None:
        search = self._searches.get(args.name)
        found = await _asked(search, f"create {_named(args)}") if search else []
        unknown = [one for one in found if one not in self._state.ids.values()]
        if unknown:
            raise _Refused(
                f"refused to create {_named(args)}: the account has {', '.join(unknown)} of that name already, which the state "
                "does not know; two hosts with one identity could sign against each other\n"
                f"  remedy: `python -m ops.recover --stack {self._planned.stack}` takes it into the state"
            )

    async def _before_key_delete(self, args: pulumi.ResourceHookArgs) -> None:
        if self._planned.protected:
            raise _Refused(
                f"refused to delete {_named(args)}: volumes of the fleet cannot be read without it\n"
                "  remedy: a volume key goes with the whole fleet: set retire: true, `pulumi up`, then `pulumi destroy "
                "--run-program`"
            )
        search = self._searches.get(args.name)
        if search is None:
            raise _Refused(
                f"refused to delete {_named(args)}: its site is not in the config, so nobody can ask which volumes need it\n"
                "  remedy: put the site back with retire: true, then `pulumi destroy --run-program`"
            )
        needed = await _asked(search, f"delete {_named(args)}")
        if needed:
            raise _Refused(
                f"refused to delete {_named(args)}: {', '.join(needed)} cannot be read without it\n"
                "  remedy: delete or copy these volumes in the account first; they are no part of the state any more"
            )


async def _asked(search: Search, change: str) -> list[str]:
    """What the account says; an account that does not answer refuses."""
    try:
        return await search()
    except Exception as error:
        raise _Refused(
            f"refused to {change}: the account cannot be asked what it has: {error}\n"
            "  remedy: give the login the right to ask, enable the API that it names, and run the update again"
        ) from error


class _Refused(Exception):
    """What the engine shows of a hook that says no."""


def changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> frozenset[str]:
    """The inputs that differ, without what the SDK notes about them (`__defaults`)."""
    keys = {key for key in {*old, *new} if not key.startswith("__")}
    return frozenset(key for key in keys if old.get(key) != new.get(key))


def _guarded(host: str) -> bool:
    return role_of(host) in PROTECTED_ROLES


def _named(args: pulumi.ResourceHookArgs) -> str:
    """Type and name, for example `ec2/instance s1-cosigner-1`."""
    return f"{args.type.partition(':')[2].rpartition(':')[0] or args.type} {args.name}"
