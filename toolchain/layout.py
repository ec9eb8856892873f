"""Where set-up puts things, in one place, so that a test can point all of it at an empty folder."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """The paths of one checkout. `root` is the folder with Pulumi.yaml; everything made lies under it."""

    root: Path

    @property
    def made(self) -> Path:
        """All that set-up makes, but for the virtual environment. Removing it is safe: it is made again."""
        return self.root / ".toolchain"

    @property
    def bin(self) -> Path:
        return self.made / "bin"

    @property
    def standin(self) -> Path:
        """Stand-ins have a folder of their own, so that none can shadow a vendor's plugin by accident."""
        return self.made / "bin-standin"

    @property
    def uv(self) -> Path:
        return self.made / "uv"

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def tools(self) -> Path:
        """What set-up chose; `toolchain.tools` reads it."""
        return self.made / "tools.json"

    @property
    def lock(self) -> Path:
        return self.made / "setup.lock"

    @property
    def go_module(self) -> Path:
        return self.root / "toolchain" / "pulumi"

    @property
    def language_host(self) -> Path:
        return self.root / "toolchain" / "language_python"

    @property
    def uv_requirements(self) -> Path:
        return self.root / "toolchain" / "uv-requirements.txt"

    def shown(self, path: Path) -> str:
        """`path` as a reader wants to see it: relative to the repository where it lies inside."""
        return str(path.relative_to(self.root)) if path.is_relative_to(self.root) else str(path)


REPOSITORY = Layout(Path(__file__).resolve().parents[1])
