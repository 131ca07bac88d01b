"""What tests give to services and no log may tell."""
import pathlib

_secrets: set[str] = set()
_logs: set[pathlib.Path] = set()


def keep(secret: str) -> str:
    """From now on no log may hold it. Gives it back."""
    assert len(secret) >= 12, "too short to be told from other text"
    _secrets.add(secret)
    return secret


def keep_those_of(environment: dict[str, str] | None):
    """The keys among the variables of a process."""
    for name, value in (environment or {}).items():
        if name.endswith("API_KEY") and len(value) >= 12:
            keep(value)


def watch(log: pathlib.Path):
    """A file that is looked into at the end."""
    _logs.add(log)


def leaks_in(log: pathlib.Path) -> list[str]:
    text = log.read_text(errors="replace") if log.is_file() else ""
    return [f"{log} tells {secret!r}" for secret in sorted(_secrets) if secret in text]


def leaks() -> tuple[int, int, list[str]]:
    """How many logs were looked into, for how many secrets, and what was found."""
    found = [leak for log in sorted(_logs) for leak in leaks_in(log)]
    return len(_logs), len(_secrets), found
