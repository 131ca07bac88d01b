#!/usr/bin/python3
"""Fails when a file under src/ includes or names what tools/layers.txt does not allow it, when a
folder's USES in CMake goes further, and when the table in docs/architecture.md says otherwise.

    tools/check_layers.py [ROOT]

ROOT is the tree to check, this one by default: the self-test plants faults in a tree of its own.
"""
import fnmatch
import pathlib
import re
import sys

FREE = ("_test", "_contract", "_fixture", "_fuzz")  # what tests are made of may include anything

COMMENT_OR_TEXT = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"\(.*?\)"|"(?:[^"\\\n]|\\.)*"', re.DOTALL
)
ROW = re.compile(r"^\| `(\w+)` \| [^|]* \| ([^|]*?) ?\|$", re.MULTILINE)
QUALIFIER = re.compile(r"(?<![:\w])(\w+)::")
USES = re.compile(r"ginnel_module\(.*?^\s+USES\s+([\w ]+)$", re.DOTALL | re.MULTILINE)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)


class Table:
    """The rows of layers.txt."""

    def __init__(self, text: str):
        self.folders: dict[str, list[str]] = {}
        self.external: dict[str, list[str]] = {}
        sections = {"[folders]": self.folders, "[external]": self.external}
        section = None
        for number, line in enumerate(text.splitlines(), 1):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            if line in sections:
                section = sections[line]
                continue
            name, colon, words = line.partition(":")
            if section is None or not colon or name in section:
                raise SystemExit(f"layers.txt:{number}: cannot read: {line}")
            section[name] = words.split()

    def folder_faults(self):
        """Rows that name an unknown folder, and folders that may include each other."""
        for folder, words in self.folders.items():
            for word in words:
                name = word.split("/")[0]
                if name != "*" and name not in self.folders:
                    yield f"layers.txt: {folder} names the unknown folder {name}"
        for folder in self.folders:
            path = self._cycle(folder, [folder])
            if path:
                yield f"layers.txt: a circle: {' -> '.join(path)}"
                return

    def _cycle(self, folder: str, path: list[str]):
        for word in self.folders.get(folder, []):
            name = word.split("/")[0]
            if name == path[0]:
                return [*path, name]
            if name in self.folders and name not in path:
                found = self._cycle(name, [*path, name])
                if found:
                    return found
        return None

    def allows(self, folder: str, target: str) -> bool:
        """Whether a file of `folder` may include our header `target`, both relative to src/."""
        owner, _, inside = target.partition("/")
        if owner == folder:
            return True
        for word in self.folders[folder]:
            if word == "*" or (word == owner and "/" not in inside):
                return True
            if word == f"{owner}/" or word == f"*/{inside}":
                return True
        return False

    def allows_name(self, folder: str, owner: str) -> bool:
        """Whether a file of `folder` may name what is in the namespace `owner`."""
        words = self.folders[folder]
        return owner == folder or any(
            word in ("*", owner, f"{owner}/") or word.startswith("*/") for word in words
        )

    def documented(self, folder: str) -> str:
        """The row as docs/architecture.md tells it."""
        words = {
            "storage": "storage's interface",
            "*": "everything",
            "*/options.h": "every folder's `options.h`",
        }
        return ", ".join(words.get(word, word) for word in self.folders[folder])

    def allows_external(self, file: str, header: str) -> bool:
        for prefix, places in self.external.items():
            if header.startswith(prefix):
                return any(
                    file.startswith(f"{place}/") or fnmatch.fnmatch(file, place) for place in places
                )
        return True


def faults(root: pathlib.Path, table: Table):
    source = root / "src"
    yield from table.folder_faults()
    for path in sorted(source.rglob("*")):
        if path.suffix not in {".h", ".cc"} or path.stem.endswith(FREE):
            continue
        file = path.relative_to(source).as_posix()
        folder = file.split("/")[0]
        if folder not in table.folders:
            yield f"src/{file}: the folder {folder} is not in tools/layers.txt"
            continue
        for ours, external in INCLUDE.findall(path.read_text(encoding="utf-8")):
            if external:
                if not table.allows_external(file, external):
                    yield f"src/{file}: <{external}> may not be included here"
            elif "/" not in ours:
                continue  # generated beside the library, or a neighbour
            elif ours.startswith("support/") or ours.split("/")[0] not in table.folders:
                yield f'src/{file}: "{ours}" is not a header of src/'
            elif not table.allows(folder, ours):
                yield f'src/{file}: {folder}/ may not include "{ours}"'


def faults_of_names(root: pathlib.Path, table: Table):
    """Namespaces that are named without a right to include their headers."""
    for path in sorted((root / "src").rglob("*")):
        if path.suffix not in {".h", ".cc"} or path.stem.endswith(FREE):
            continue
        file = path.relative_to(root / "src").as_posix()
        folder = file.split("/")[0]
        if folder not in table.folders:
            continue
        code = COMMENT_OR_TEXT.sub(" ", path.read_text(encoding="utf-8"))
        for name in sorted(set(QUALIFIER.findall(code)) & set(table.folders)):
            if not table.allows_name(folder, name):
                yield f"src/{file}: {folder}/ may not name {name}::"


def faults_of_libraries(root: pathlib.Path, table: Table):
    """Libraries that are linked without a right to include their headers."""
    for folder in table.folders:
        path = root / "src" / folder / "CMakeLists.txt"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        uses = USES.search(text)
        for name in uses.group(1).split() if uses else []:
            if not table.allows_name(folder, name):
                yield f"src/{folder}/CMakeLists.txt: {folder} may not use {name}"


def faults_of_the_page(root: pathlib.Path, table: Table):
    """Rows of the table that people read."""
    path = root / "docs/architecture.md"
    if not path.exists():
        return
    told = dict(ROW.findall(path.read_text(encoding="utf-8")))
    for folder in table.folders:
        if told.get(folder) != table.documented(folder):
            yield f"docs/architecture.md: of {folder} it is to say: {table.documented(folder)}"


def main() -> int:
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else __file__).resolve()
    if len(sys.argv) <= 1:
        root = root.parent.parent
    table = Table((root / "tools/layers.txt").read_text(encoding="utf-8"))
    checks = (faults, faults_of_names, faults_of_libraries, faults_of_the_page)
    found = [fault for check in checks for fault in check(root, table)]
    print("\n".join(found) or f"layers: {len(table.folders)} folders, nothing that is not allowed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
