"""From the engine's words to the SDK's: type tokens to classes, property names to keyword arguments.

`pulumi._types` holds these tables for the SDK's own use. It is no public interface, but the version is pinned, and a
table that no longer fits shows at once: the floor then fails to register what the program registered.
"""

import re
from importlib import import_module
from typing import Any, Union, get_args, get_origin

from pulumi import _types

PROVIDER = "pulumi:providers:"


def snake_case(name: str) -> str:
    """`getCallerIdentity` as `get_caller_identity`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def package(token: str) -> str:
    """The Python package of a token, for example `pulumi_aws`."""
    name = token.removeprefix(PROVIDER) if token.startswith(PROVIDER) else token.split(":", 1)[0]
    return f"pulumi_{name.replace('-', '_')}"


def expression(token: str) -> str:
    """What a program writes for a resource's or a function's token, for example `pulumi_aws.ec2.Vpc`."""
    if token.startswith(PROVIDER):
        return f"{package(token)}.Provider"
    _, module, member = token.split(":")
    module = module.split("/", 1)[0]
    return f"{package(token)}.{member}" if module == "index" else f"{package(token)}.{module}.{member}"


def function(token: str) -> str:
    """What a program writes to call a function with outputs, for example `pulumi_aws.ec2.get_ami_output`."""
    module, _, member = expression(token).rpartition(".")
    return f"{module}.{snake_case(member)}_output"


def resource_class(token: str) -> Any:
    """The class of a resource."""
    return _resolve(expression(token))


def arguments_class(token: str) -> Any:
    """The class that describes the arguments of a resource."""
    return _resolve(f"{expression(token)}Args")


def _resolve(dotted: str) -> Any:
    module, _, member = dotted.rpartition(".")
    return getattr(import_module(module), member)


def attributes(token: str) -> dict[str, str]:
    """The attributes that a resource has, by the engine's name of the output."""
    names = dict(_types.resource_pulumi_to_py_names(resource_class(token)))
    return {"id": "id", **names}


def keywords(arguments: Any) -> dict[str, str]:
    """The keyword arguments of an arguments class, by the engine's name of the property."""
    return {name: keyword for keyword, name in _types.input_type_py_to_pulumi_names(arguments).items()}


def field_type(arguments: Any, name: str) -> Any:
    """The declared type of a property of an arguments class."""
    return _types.input_type_types(arguments).get(name)


def arguments_expression(arguments: Any) -> str:
    """What a program writes for a nested arguments class: from its package, not from the module that defines it."""
    module = arguments.__module__.removesuffix("._inputs")
    if getattr(import_module(module), arguments.__name__) is not arguments:
        raise TypeError(f"{arguments.__name__} is not found in {module}")
    return f"{module}.{arguments.__name__}"


def is_arguments(declared: Any) -> bool:
    """Whether a declared type is a nested arguments class."""
    return isinstance(declared, type) and _types.is_input_type(declared)


def element_type(declared: Any) -> Any:
    """The declared type of the elements of a list or of the values of a map; None where nothing is declared."""
    parameters = get_args(declared)
    if not parameters:
        return None
    element = parameters[-1]
    return get_args(element)[0] if get_origin(element) is Union else element
