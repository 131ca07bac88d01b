"""Faults of the kernel, as a program meets them: faults.c, compiled once and loaded before libc."""
import functools
import pathlib
import subprocess
import tempfile

SOURCE = pathlib.Path(__file__).with_name("faults.c")


@functools.cache
def _library() -> tuple[tempfile.TemporaryDirectory, str]:
    folder = tempfile.TemporaryDirectory(prefix="ginnel-faults-")
    library = f"{folder.name}/faults.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, SOURCE, "-ldl"], check=True)
    return folder, library  # the folder is there as long as this is kept


def preloaded(**orders: str) -> dict[str, str]:
    """The environment of a process that meets these faults: faults.c says which there are."""
    return {"LD_PRELOAD": _library()[1], **{name: str(value) for name, value in orders.items()}}


class FailingSync:
    """Syncs of files whose name has this ending fail while it is `on`."""

    def __init__(self, folder: pathlib.Path, ending: str):
        self.order = folder / "failing-sync"
        self.ending = ending
        self.environment = preloaded(FAULT_SYNC=self.order)

    def on(self):
        self.order.write_text(self.ending)

    def once(self):
        """The next one fails."""
        self.order.write_text("!" + self.ending)

    def off(self):
        self.order.unlink()
