"""The one error set-up raises on purpose."""


class SetupError(Exception):
    """Something outside our control is missing or failed. `remedy` says what the reader can do about it."""

    def __init__(self, problem: str, remedy: str):
        super().__init__(f"{problem}\n  remedy: {remedy}")
        self.problem = problem
        self.remedy = remedy
