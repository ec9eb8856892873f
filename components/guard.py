"""The hooks by which a host says no: to go down beside another one, to go while it is kept, to be made a second time.

The engine calls them in the program's process when it is about to act, never at a preview. A failing hook stops the
action. They are named and registered in every run, also where nothing carries them: a resource whose site is gone from
the config is deleted by the hooks of the state (an unknown name would stop that).

What is kept is asked of the plan and of the state that the update began with: the engine deletes by the flags of the
state, and a machine that is retained there stays in the account when its replacement is made.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import pulumi

from components.keysearch import volumes_needing
from components.state import PresentState, recovery
from fleet.naming import site_name
from fleet.plan import Plan
from fleet.roles import PROTECTED_ROLES, SIGNING_ROLES
from fleet.takedown import CountedQuorum, Takedowns, host_of, role_of

DELETE: Final = "redoubt-before-delete"
UPDATE: Final = "redoubt-before-update"
CREATE: Final = "redoubt-before-create"
VOLUME: Final = "redoubt-before-volume-create"
KEY: Final = "redoubt-before-key-delete"
"""The hooks' names stand in the state: never rename one."""

Search = Callable[[], Awaitable[list[str]]]
"""Asks the account what it has: ids of machines."""


class Guard:
    """The hooks of one run of the program."""

    def __init__(self, planned: Plan, state: PresentState) -> None:
        self._planned = planned
        self._state = state
        self._takedowns = Takedowns(planned, CountedQuorum(planned), state.standing)
        self._runs_on: dict[str, frozenset[str]] = {}
        self._searches: dict[str, Search] = {}
        self._gone_first: set[str] = set()
        self._delete = pulumi.ResourceHook(DELETE, self._before_delete)
        self._update = pulumi.ResourceHook(UPDATE, self._before_update)
        self._create = pulumi.ResourceHook(CREATE, self._before_create)
        self._volume = pulumi.ResourceHook(VOLUME, self._before_volume_create)
        self._key = pulumi.ResourceHook(KEY, self._before_key_delete)

    def part(self, host: str) -> pulumi.ResourceHookBinding | None:
        """Hooks of what a host cannot be without: its address, its attachments."""
        return pulumi.ResourceHookBinding(before_delete=[self._delete]) if _guarded(host) else None

    def volume(self, host: str) -> pulumi.ResourceHookBinding | None:
        """Hooks of a host's data volume. The machine waits for it, so a machine without one has lost it."""
        if role_of(host) not in SIGNING_ROLES:
            return self.part(host)
        return pulumi.ResourceHookBinding(before_create=[self._volume], before_delete=[self._delete])

    def machine(
        self,
        token: str,
        host: str,
        *,
        runs_on: frozenset[str],
        search: Search | None = None,
        gone_first: bool = True,
    ) -> pulumi.ResourceHookBinding:
        """Hooks of an instance.

        Args:
            token: The resource's type.
            host: The host's name.
            runs_on: Inputs that change while the machine runs; a change of any other counts as taking it down.
            search: Ids of the machines of this name that the account has; None where the provider lets no two
                machines have one name, and so refuses a second by itself.
            gone_first: Whether it is deleted before it is replaced, and so nothing of its name may be there then.
        """
        self._runs_on[token] = runs_on
        if search is not None:
            self._searches[host] = search
        if gone_first:
            self._gone_first.add(host)
        return pulumi.ResourceHookBinding(
            before_create=[self._create] if search else None,
            before_update=[self._update] if _guarded(host) else None,
            before_delete=[self._delete] if _guarded(host) else None,
        )

    def volume_key(self) -> pulumi.ResourceHookBinding:
        """Hooks of a key that volumes are encrypted with."""
        return pulumi.ResourceHookBinding(before_delete=[self._key])

    def _before_delete(self, args: pulumi.ResourceHookArgs) -> None:
        host = host_of(args.name)
        if host is None:
            return
        self._refuse_kept(args, host, "delete")
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

    def _refuse_kept(self, args: pulumi.ResourceHookArgs, host: str, verb: str) -> None:
        """Refuses for a host that is kept, by the config or by the flags that the engine would delete it with."""
        planned = self._planned.host.get(host)
        held = args.urn in self._state.retained or (self._planned.protected and args.urn in self._state.protected)
        if planned is None and held and self._planned.protected:
            raise _Refused(
                f"refused to {verb} {_named(args)}: {host} is kept, and has left the config\n"
                f"  remedy: put it back, name {host} in let_go, run `pulumi up`, then take it out of the config"
            )
        if planned is not None and self._planned.keeps(planned):
            raise _Refused(
                f"refused to {verb} {_named(args)}: {host} is kept\n"
                f"  remedy: to remove or replace it, name {host} in let_go, run `pulumi up`, then make the change"
            )
        if held:
            raise _Refused(
                f"refused to {verb} {_named(args)}: the state keeps {host} still, and what is retained there would stay "
                f"in the account beside a new one: {'let_go' if self._planned.protected else 'retire'} has not been "
                "applied yet\n"
                "  remedy: run `pulumi up` without the change first, then make it"
            )

    async def _before_create(self, args: pulumi.ResourceHookArgs) -> None:
        host = args.name
        search = self._searches.get(host)
        found = await _asked(search, f"create {_named(args)}") if search else []
        if found and _guarded(host) and host in self._state.standing:
            # The old one is there yet. Were it gone (a refresh in this same update found that), this one restores it.
            self._refuse_kept(args, host, "replace")
            self._ask(host, f"replace {_named(args)}")
        known = set(self._state.ids.values())
        unknown = [one for one in found if one not in known]
        if unknown:
            raise _Refused(
                f"refused to create {_named(args)}: the account has {', '.join(unknown)} of that name already, which the state "
                "does not know; two hosts with one identity could sign against each other\n"
                f"  remedy: `{recovery(self._planned.stack)}` takes it into the state; if it is none of this fleet, rename "
                "or remove it in the account"
            )
        if found and host in self._gone_first:
            raise _Refused(
                f"refused to create {_named(args)}: the account has {', '.join(found)} of that name still, which was to be "
                "gone by now; two hosts with one identity could sign against each other\n"
                "  remedy: look in the account; if it is the old machine of this host, remove it there, and run the update again"
            )

    def _before_volume_create(self, args: pulumi.ResourceHookArgs) -> None:
        host = host_of(args.name) or ""
        planned = self._planned.host.get(host)
        if host not in self._state.standing or planned is None:
            return
        if self._planned.keeps(planned):
            raise _Refused(
                f"refused to create {_named(args)}: {host} has its machine already, and an empty volume in the place of the one "
                "it had would start a signer without its watermark\n"
                "  remedy: stop what signs there and bring the volume back (docs/drift.md, under `gone`); if it is lost, keep "
                f"{host} out of the quorum, name it in let_go, and give it a new shard, never an old copy"
            )
        if args.urn in self._state.ids:
            self._refuse_kept(args, host, "replace")

    async def _before_key_delete(self, args: pulumi.ResourceHookArgs) -> None:
        site = args.name.partition("-")[0]
        kept = [one.name for one in self._planned.hosts if site_name(one.site_id) == site and self._planned.keeps(one)]
        if kept:
            raise _Refused(
                f"refused to delete {_named(args)}: the volumes of {', '.join(kept)} cannot be read without it\n"
                f"  remedy: a volume key goes after the last kept host of its site: let go of them (let_go), one signing host "
                "in an update, or of the whole fleet (retire: true)"
            )
        if args.urn in self._state.retained or (self._planned.protected and args.urn in self._state.protected):
            raise _Refused(
                f"refused to delete {_named(args)}: the state keeps it still\n"
                "  remedy: let go of the hosts of its site (let_go) or of the fleet (retire: true), run `pulumi up`, then "
                "remove it"
            )
        needed = await _asked(
            lambda: volumes_needing(args, self._state.providers.get(args.urn)), f"delete {_named(args)}"
        )
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
