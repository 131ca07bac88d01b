"""README is followed to the letter: its five commands print what it says."""
import pathlib
import re
import subprocess

from harness.service import ROOT, clean_environment, run_cli

COMMANDS = re.compile(r"<!-- five-commands -->\n```console\n(.*?)```", re.DOTALL)
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}")


def five_commands() -> list[tuple[str, str]]:
    """Each command and what README says it prints."""
    block = COMMANDS.search((ROOT / "README.md").read_text()).group(1)
    pairs = []
    for piece in block.split("$ ")[1:]:
        command, _, output = piece.partition("\n")
        pairs.append((command, output))
    return pairs


def without_times(text: str) -> str:
    return INSTANT.sub("TIME", text)


def test_the_five_commands_print_what_readme_says(start_service, tmp_path, report):
    folder = tmp_path / "served"
    folder.mkdir()
    url = f"sqlite:{folder / 'ginnel.db'}"
    for kind in ("users", "urls", "events"):
        file = ROOT / "tests" / "data" / f"{kind}.csv"
        done = run_cli("import", kind, file, "--database.url", url, cwd=folder)
        assert done.returncode == 0, done.stderr
    service = start_service("--database.url", url, folder=folder)
    pairs = five_commands()
    assert len(pairs) == 5
    for command, expected in pairs:
        here = command.replace("localhost:8080", f"127.0.0.1:{service.port}")
        printed = subprocess.run(
            ["bash", "-c", here],
            capture_output=True, text=True, timeout=20, env=clean_environment(),
        ).stdout
        assert without_times(printed) == without_times(expected), command
    report(f"{len(pairs)} commands of README printed what it says")


def test_what_readme_says_of_the_import_is_printed(tmp_path):
    readme = (ROOT / "README.md").read_text()
    for kind in ("users", "urls", "events"):
        file = ROOT / "tests" / "data" / f"{kind}.csv"
        printed = run_cli("import", kind, file, cwd=tmp_path).stdout
        line = printed.rsplit(" (", 1)[0]
        assert line in readme, printed


def test_every_file_readme_names_is_there():
    for page in ("README.md", "src/README.md", "CONTRIBUTING.md", "bench/README.md"):
        text = (ROOT / page).read_text()
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            if "://" not in target:
                assert (pathlib.Path(ROOT / page).parent / target).exists(), (page, target)


def test_the_page_of_settings_is_not_stale(tmp_path):
    printed = run_cli("config", "docs", cwd=tmp_path).stdout
    assert printed == (ROOT / "docs" / "configuration.md").read_text(), "run `make docs`"
