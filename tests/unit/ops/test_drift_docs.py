"""The table in docs/drift.md is what the code says."""

from importlib import import_module

from ops.drift.meanings.forms import Judge
from tests.support.samples import ROOT

PROVIDERS = ("aws", "gcp", "digitalocean")
PAGE = ROOT / "docs" / "drift.md"


def row(kind: str, what: str, judge: Judge) -> str:
    says = judge.says.replace("|", "/").replace("{", "*").replace("}", "*")
    remedies = ", ".join(dict.fromkeys(remedy.kind for remedy in judge.remedies))
    return f"| `{kind}` | {what} | {judge.severity} | {says} | {remedies} |"


def table(provider: str) -> str:
    """The rows of a provider: `gone`, each property with a meaning of its own, and all others."""
    rows = ["| type | what | how bad | meaning | remedy |", "|---|---|---|---|---|"]
    for token, entry in import_module(f"ops.drift.meanings.{provider}").TYPES.items():
        kind = token.partition(":")[2]
        rows.append(row(kind, "gone", entry.gone))
        rows += [row(kind, f"`{name}`", judge) for name, judge in sorted(entry.changed.items())]
        rows.append(row(kind, "all else", entry.otherwise))
    return "\n".join(rows)


def test_the_table_in_the_docs_is_that_of_the_code() -> None:
    """To write it anew: `python -m tests.unit.ops.test_drift_docs`."""
    text = PAGE.read_text()
    for provider in PROVIDERS:
        assert table(provider) in text, f"the table of {provider} is old: python -m tests.unit.ops.test_drift_docs"


def write() -> None:
    text = PAGE.read_text()
    for provider in PROVIDERS:
        start, end = f"<!-- {provider} -->\n", f"<!-- /{provider} -->"
        before, _, rest = text.partition(start)
        text = f"{before}{start}\n{table(provider)}\n\n{end}{rest.partition(end)[2]}"
    PAGE.write_text(text)


if __name__ == "__main__":
    write()
