"""The pages are followed to the letter: their commands print what they say."""
import os
import pathlib
import re
import subprocess

import pytest
from harness.documentation import Example, examples_of
from harness.service import BINARY, ROOT, clean_environment, run_cli

# The pages with runnable commands; each on a server of its own, with the real files imported.
PAGES = ("README.md", "docs/api.md", "docs/operations.md", "docs/cli.md")


def import_real_files(folder: pathlib.Path) -> str:
    """What the three imports print."""
    printed = ""
    for kind in ("users", "urls", "events"):
        done = run_cli("import", kind, ROOT / "tests" / "data" / f"{kind}.csv", cwd=folder)
        assert done.returncode == 0, done.stderr
        printed += done.stdout
    return printed


def run_example(example: Example, folder: pathlib.Path, port: int) -> str:
    """What its command prints, by a server on `port` where the page says 8080."""
    path = f"{BINARY.parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", example.command.replace("localhost:8080", f"localhost:{port}")],
        cwd=folder,
        env=clean_environment({"PATH": path, "GINNEL_SERVER": f"http://localhost:{port}"}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    return done.stdout.replace(f"localhost:{port}", "localhost:8080")


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_print_what_it_says(page, start_service, tmp_path, report):
    folder = tmp_path / "served"
    (folder / "data").mkdir(parents=True)
    import_real_files(folder)
    service = start_service("--database.url", "sqlite:data/ginnel.db", folder=folder)
    examples = examples_of(ROOT / page)
    assert examples, f"{page} has no runnable command"
    for example in examples:
        printed = run_example(example, folder, service.port)
        assert example.printed_by(printed), (
            f"{page}:{example.line}: $ {example.command}\nsays\n{example.output}\nprints\n{printed}"
        )
    report(f"{len(examples)} commands of {page} printed what it says")


def test_another_output_is_noticed():
    example = Example("page", 1, "true", 'HTTP/1.1 200 OK\n...\n{"id":1,"at":"2026-11-25"}')
    assert example.printed_by('HTTP/1.1 200 OK\nA: b\n\n{"id":1,"at":"2027-01-01"}\n')
    assert not example.printed_by('HTTP/1.1 200 OK\nA: b\n\n{"id":2,"at":"2027-01-01"}\n')
    assert not example.printed_by('HTTP/1.1 404 Not Found\nA: b\n\n{"id":1,"at":"2027-01-01"}\n')
    assert not example.printed_by("")


def test_a_block_that_begins_with_output_is_refused(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("<!-- runnable -->\n```console\nhello\n```\n")
    with pytest.raises(ValueError, match="page.md:3"):
        examples_of(page)


def test_what_readme_says_of_the_import_is_printed(tmp_path):
    readme = (ROOT / "README.md").read_text()
    for line in import_real_files(tmp_path).splitlines():
        assert line.rsplit(" (", 1)[0] in readme, line


def test_every_file_a_page_names_is_there():
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "src/README.md",
             ROOT / "bench/README.md", *(ROOT / "docs").rglob("*.md")]
    links = 0
    for page in pages:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
            if "://" not in target:
                links += 1
                assert (page.parent / target).exists(), (page, target)
    assert links > 50


def test_the_page_of_settings_is_not_stale(tmp_path):
    printed = run_cli("config", "docs", cwd=tmp_path).stdout
    assert printed == (ROOT / "docs" / "configuration.md").read_text(), "run `make docs`"
