"""Asks every question of a file and writes the answers to another; run by `ops.recover.search` as a preview.

It stands alone, with nothing of ours imported, since the engine starts it in a folder of its own. Questions are
`{"providers": [{"package", "props", "version", "url"}], "questions": [{"provider", "token", "args"}]}`, where
`provider` counts in `providers`; answers are a list in the questions' order, of `{"value"}` or `{"error"}`.
"""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pulumi

AT_ONCE = 8
"""Questions that are asked at a time: clouds throttle those who ask many."""


async def ask(provider: pulumi.ProviderResource, token: str, args: dict[str, Any], turn: asyncio.Semaphore) -> Any:
    """One answer. A failure is an answer too: it must not end the others."""
    async with turn:
        try:
            value = await pulumi.runtime.invoke_async(token, args, pulumi.InvokeOptions(provider=provider))
        except Exception as error:  # noqa: BLE001 - the SDK raises bare exceptions with the provider's message
            return {"error": str(error)}
    return {"value": value}


async def ask_all(asked: dict[str, Any]) -> list[Any]:
    """All answers, in the order of the questions."""
    providers = [
        pulumi.ProviderResource(
            one["package"],
            f"provider-{number}",
            one["props"],
            pulumi.ResourceOptions(version=one["version"], plugin_download_url=one["url"]),
        )
        for number, one in enumerate(asked["providers"])
    ]
    turn = asyncio.Semaphore(AT_ONCE)
    return await asyncio.gather(
        *(ask(providers[one["provider"]], one["token"], one["args"], turn) for one in asked["questions"])
    )


def write(answers: list[Any]) -> int:
    """Writes them down; how many there are."""
    Path(os.environ["REDOUBT_FINDER_ANSWERS"]).write_text(json.dumps(answers))
    return len(answers)


questions = json.loads(Path(os.environ["REDOUBT_FINDER_QUESTIONS"]).read_text())
pulumi.export("answers", pulumi.Output.from_input(ask_all(questions)).apply(write))
