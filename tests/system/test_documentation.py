"""The pages are followed to the letter: their commands print what they say."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import pytest
from harness.documentation import RUNNABLE_WHILE_STOPPED, Example, examples_of
from harness.service import BINARY, ROOT, clean_environment, free_port, run_cli

# The pages with runnable commands, each after those that it goes on from; each story on a server of
# its own, with the real files imported.
STORIES = (("README.md",), ("docs/api.md",), ("docs/operations.md",), ("README.md", "docs/cli.md"))


def import_real_files(folder: pathlib.Path) -> str:
    """What the three imports print."""
    printed = ""
    for kind in ("users", "urls", "events"):
        done = run_cli("import", kind, ROOT / "tests" / "data" / f"{kind}.csv", cwd=folder)
        assert done.returncode == 0, done.stderr
        printed += done.stdout
    return printed


def run_example(example: Example, folder: pathlib.Path, port: int, env: dict) -> str:
    """What its command prints, with `port` where the page says 8080."""
    path = f"{BINARY.parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", re.sub(r"(localhost|0\.0\.0\.0):8080", rf"\1:{port}", example.command)],
        cwd=folder,
        env=clean_environment({"PATH": path, **env}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    return done.stdout.replace(f":{port}", ":8080")


def run_all(examples: list[Example], folder: pathlib.Path, port: int, **env):
    for example in examples:
        printed = run_example(example, folder, port, env)
        assert example.printed_by(printed), (
            f"{example.page}:{example.line}: $ {example.command}\nsays\n{example.output}\n"
            f"prints\n{printed}"
        )


@pytest.mark.parametrize("story", STORIES, ids=" then ".join)
def test_the_commands_of_a_page_print_what_it_says(story, start_service, tmp_path, report):
    folder = tmp_path / "served"
    (folder / "data").mkdir(parents=True)
    import_real_files(folder)
    service = start_service("--database.url", "sqlite:data/ginnel.db", folder=folder)
    running = [example for page in story for example in examples_of(ROOT / page)]
    assert running, f"{story} has no runnable command"
    run_all(running, folder, service.port, GINNEL_SERVER=f"http://localhost:{service.port}")
    assert service.stop() == 0
    stopped = examples_of(ROOT / story[-1], RUNNABLE_WHILE_STOPPED)
    run_all(stopped, folder, free_port())
    report(f"{len(running) + len(stopped)} commands of {' and '.join(story)} printed what they say")


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


# --- what is not run as it stands --------------------------------------------------------------


def test_the_line_for_cron_backs_up(start_service, tmp_path):
    """By the shell and the few variables that cron gives (crontab(5)), in another folder."""
    page = (ROOT / "docs" / "operations.md").read_text()
    (line,) = re.findall(r"^17 3 \* \* \*\s+(.*)$", page, re.MULTILINE)
    words = {"/usr/local/bin/ginnel": str(BINARY), "/var/lib/ginnel": str(tmp_path / "served"),
             "/backup": str(tmp_path / "backup"), "\\%": "%"}
    for said, here in words.items():
        assert said in line, f"{said} is what `cmake --install` and the page call it"
        line = line.replace(said, here)
    (tmp_path / "backup").mkdir()
    folder = tmp_path / "served"
    (folder / "data").mkdir(parents=True)
    start_service("--database.url", "sqlite:data/ginnel.db", folder=folder)
    for _ in range(2):  # the second week too
        done = subprocess.run(["/bin/sh", "-c", line], cwd="/", capture_output=True, text=True,
                              timeout=60, env={"PATH": "/usr/bin:/bin", "HOME": "/",
                                               "SHELL": "/bin/sh", "LOGNAME": "ginnel"})
        assert done.returncode == 0, done.stdout + done.stderr
    (made,) = (tmp_path / "backup").iterdir()
    assert re.fullmatch(r"ginnel-[1-7]\.db", made.name)


@pytest.mark.skipif(os.geteuid() != 0, reason="files of other users are root's to make")
def test_the_key_of_the_page_can_be_read_by_the_service_alone():
    page = (ROOT / "docs" / "api.md").read_text()
    block = re.search(r"```console\n((?:.*\n)*?.*/etc/ginnel/key(?:.*\n)*?)```", page).group(1)
    command = block.splitlines()[0].removeprefix("$ ")
    serving, other = "nobody", 54321
    here = pathlib.Path(tempfile.mkdtemp(prefix="ginnel-key-"))
    here.chmod(0o755)  # others may enter
    try:
        done = subprocess.run(
            ["bash", "-c", command.replace("/etc/ginnel", str(here)).replace("-o ginnel",
                                                                             f"-o {serving}")],
            capture_output=True, text=True, timeout=20, env=clean_environment())
        assert done.returncode == 0, done.stderr
        by_user = {user: subprocess.run(
            ["setpriv", f"--reuid={user}", "--clear-groups", "cat", str(here / "key")],
            capture_output=True, text=True, timeout=20) for user in (serving, other)}
        assert re.fullmatch(r"[0-9a-f]{64}\n", by_user[serving].stdout), by_user
        assert by_user[other].returncode != 0 and by_user[other].stdout == ""
    finally:
        shutil.rmtree(here)


def test_readme_says_what_the_build_takes():
    readme = (ROOT / "README.md").read_text()
    assert re.search(r"\d+ minutes on two cores", readme)
    said = re.search(r"(\d+) MB below build/", readme)
    folder = BINARY.parent.parent
    files = [file.stat().st_size for file in folder.rglob("*") if file.is_file()]
    if folder == ROOT / "build" / "release":
        assert sum(files) < int(said.group(1)) * 1_000_000, "it takes more by now"


def test_the_page_of_settings_is_not_stale(tmp_path):
    printed = run_cli("config", "docs", cwd=tmp_path).stdout
    assert printed == (ROOT / "docs" / "configuration.md").read_text(), "run `make docs`"
