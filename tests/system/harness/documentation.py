"""The pages' commands: what a page says to type and what it says is printed.

A block counts when `<!-- runnable -->` stands on the line before its fence:

    <!-- runnable -->
    ```console
    $ curl -s localhost:8080/health
    {"status":"alive"}
    ```

After `<!-- runnable while stopped -->` it is run once the server has ended.

A line that begins with `$ ` is a command, with those after it that it carries on by a backslash;
what follows, up to the next one, is its output. What differs from run to run is compared as a word:
times, dates, durations, request ids, entity tags. `...` alone on a line stands for any lines.
"""
import dataclasses
import pathlib
import re

BLOCK = r"<!-- {} -->\n```console\n(.*?)^```"
RUNNABLE = "runnable"
RUNNABLE_WHILE_STOPPED = "runnable while stopped"
VARYING = (
    (re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?)?"), "TIME"),
    (re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"), "TIME"),
    (re.compile(r"\b\d+\.\d+ m?s\b"), "DURATION"),
    (re.compile(r"\b\d{8}T\d{6}Z"), "TIME"),
    (re.compile(r"\b\d+ MiB free\b"), "ROOM"),
    (re.compile(r"^(ok|warn) +clock .*(\n +cure: .*)?", re.MULTILINE), "CLOCK"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "REQUEST-ID"),
    (re.compile(r'(?i)^(etag: )"[^"]*"', re.MULTILINE), r'\1"TAG"'),
)


@dataclasses.dataclass(frozen=True)
class Example:
    page: str
    line: int  # of the command in the page, from 1
    command: str
    output: str

    def printed_by(self, output: str) -> bool:
        """Whether `output` is what the page says, blank lines at its end apart."""
        pieces = [re.escape(piece) for piece in _comparable(self.output).split("\n...\n")]
        return re.fullmatch("\n(?:.*\n)*?".join(pieces), _comparable(output)) is not None


def _comparable(text: str) -> str:
    for pattern, word in VARYING:
        text = pattern.sub(word, text)
    return "\n".join(line.rstrip() for line in ["", *text.strip("\n").splitlines(), ""])


def examples_of(page: pathlib.Path, kind: str = RUNNABLE) -> list[Example]:
    """The commands of a page that are run, in its order."""
    text = page.read_text()
    found = []
    for block in re.finditer(BLOCK.format(kind), text, re.DOTALL | re.MULTILINE):
        at = text.count("\n", 0, block.start(1)) + 1
        found.extend(_of_block(page.name, at, block.group(1).splitlines()))
    return found


def _of_block(page: str, at: int, lines: list[str]) -> list[Example]:
    found: list[Example] = []
    index = 0
    while index < len(lines):
        if not lines[index].startswith("$ "):
            raise ValueError(f"{page}:{at + index}: a runnable block begins with a command")
        first, command = index, lines[index][2:]
        while command.endswith("\\"):
            index += 1
            command += "\n" + lines[index]
        index += 1
        output = []
        while index < len(lines) and not lines[index].startswith("$ "):
            output.append(lines[index])
            index += 1
        found.append(Example(page, at + first, command, "\n".join(output)))
    return found
