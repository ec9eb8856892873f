"""What recorded programs are answered, whichever provider they ask: `answers` holds each provider's own module."""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from pulumi.runtime import mocks

from ops.recording.answers import ProviderAnswers, PublicAddresses

PACKAGE: Final = "ops.recording.answers"
"""Each provider has a module of its name below it, whose `Answers` is made once for each run."""


class Clouds(mocks.Mocks):
    """Answers as the clouds would. A resource of a provider that has no answers gets an id and its own inputs."""

    def __init__(self, *, preview: bool, previous_outputs: Mapping[str, Any]):
        self.preview = preview
        self.previous_outputs = dict(previous_outputs)
        self._addresses = PublicAddresses()
        self._answers: dict[str, ProviderAnswers | None] = {}

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """The id and the outputs of a new resource."""
        if args.typ == "pulumi:pulumi:StackReference":
            return args.name, {**args.inputs, "outputs": self.previous_outputs, "secretOutputNames": []}
        if self.preview:
            return "", dict(args.inputs)
        answers = self._of(args.typ)
        made = answers.resource(args, dict(args.inputs)) if answers else {}
        return made.pop("id", f"{args.name}-id"), {**args.inputs, **made}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]]]:
        """The answer of a provider's function.

        Raises:
            KeyError: When nobody has an answer to it.
        """
        answers = self._of(args.token)
        if answers is None or args.token not in answers.calls:
            raise KeyError(f"nothing answers {args.token}: add it to {PACKAGE}")
        return {**args.args, **answers.calls[args.token]}, []

    def _of(self, token: str) -> ProviderAnswers | None:
        """The answers of the provider that a type or function token begins with."""
        provider = token.split(":", 1)[0]
        if provider not in self._answers:
            module = f"{PACKAGE}.{provider}"
            known = find_spec(module) is not None
            self._answers[provider] = import_module(module).Answers(self._addresses) if known else None
        return self._answers[provider]
