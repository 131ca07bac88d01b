"""The metrics page, as a test reads it."""
import re

SAMPLE = re.compile(
    r'([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([-+]?(?:[0-9.]+(?:e[-+]?\d+)?|Inf|NaN))', re.I
)
LABEL = re.compile(r'([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"')


class Page:
    """A metrics page, parsed strictly."""

    def __init__(self, client):
        answer = client.get("/metrics")
        assert answer.status == 200
        assert answer.field("Content-Type") == "text/plain; version=0.0.4; charset=utf-8"
        self.text = answer.body.decode()
        self.samples: dict[tuple[str, frozenset], float] = {}
        for line in self.text.splitlines():
            if line.startswith("#"):
                assert re.match(r"# (HELP|TYPE) [a-z]", line), line
                continue
            match = SAMPLE.fullmatch(line)
            assert match, line
            labels = frozenset(LABEL.findall(match[2] or ""))
            key = (match[1], labels)
            assert key not in self.samples, f"twice: {line}"
            self.samples[key] = float(match[3])

    def value(self, name: str, **labels) -> float:
        return self.samples.get((name, frozenset(labels.items())), 0.0)

    def sum(self, name: str, **labels) -> float:
        wanted = set(labels.items())
        return sum(v for (n, ls), v in self.samples.items() if n == name and wanted <= ls)

    def label_values(self, label: str) -> set[str]:
        return {v for _, labels in self.samples for k, v in labels if k == label}
