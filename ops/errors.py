"""The error an operator's command ends with."""


class OperationError(Exception):
    """A command cannot go on. The text names the cause and ends with what to do about it."""
