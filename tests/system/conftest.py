"""Fixtures of the system tests: services to talk to, and a place for the numbers they print."""
import collections
import os
import pathlib

import pytest

from harness import postgres, secrets
from harness.script import Scene
from harness.seed import DATA
from harness.service import BINARY, ROOT, Service, run_cli

# Programs that tools/install-dependencies.sh takes out of packages; here, before a test asks.
os.environ["PATH"] = f"{ROOT / 'build' / 'programs'}:{os.environ['PATH']}"

_report: list[str] = []


def pytest_sessionstart(session):
    if not BINARY.is_file():
        pytest.exit(f"{BINARY} is missing: `make build`, or set GINNEL_BINARY", returncode=2)


def pytest_sessionfinish(session):
    """A worker of pytest-xdist hands its figures to the process that prints them."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["figures"] = _report


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    _report.extend(getattr(node, "workeroutput", {}).get("figures", []))


def pytest_terminal_summary(terminalreporter):
    if _report:
        terminalreporter.section("figures")
        for line in _report:
            terminalreporter.line(line)


@pytest.fixture(scope="session", autouse=True)
def no_log_tells_a_secret():
    """At the end every log of every service is looked through for what it was given."""
    yield
    logs, kept, leaks = secrets.leaks()
    _report.append(f"no_log_tells_a_secret: {logs} logs, {kept} secrets, {len(leaks)} told")
    assert not leaks, leaks


@pytest.fixture
def report(request):
    """report("...") adds a line of figures to the end of the run."""
    name = request.node.name
    return lambda text: _report.append(f"{name}: {text}")


@pytest.fixture(scope="session")
def session_service(tmp_path_factory):
    running = Service(tmp_path_factory.mktemp("service"))
    yield running
    assert running.stop() == 0


@pytest.fixture
def service(session_service):
    """The service of the session. Other tests use it too: count your own rows only."""
    mark = session_service.mark()
    session_service.expected_errors.clear()
    yield session_service
    session_service.assert_healthy(mark)


@pytest.fixture
def api(service):
    """A connection to the service of the session."""
    client = service.api()
    yield client
    client.close()


@pytest.fixture
def start_service(tmp_path):
    """start_service(option, ...) starts a service of this test's own, on an empty database unless
    `folder` has one. Stopped at the end; it may have ended before, but not with errors logged."""
    started: list[Service] = []

    def start(*options, folder: pathlib.Path | None = None, **kw) -> Service:
        service = Service(folder or tmp_path / f"service{len(started)}", *options, **kw)
        started.append(service)
        return service

    yield start
    for service in started:
        if service.process.poll() is None:
            assert service.stop() == 0
        service.assert_clean_log()


@pytest.fixture
def fresh_service(start_service):
    return start_service()


@pytest.fixture(scope="session")
def session_postgres():
    """The PostgreSQL of this process of pytest; a test is skipped, in CI fails, where none is."""
    server = postgres.Server()
    yield server
    server.close()


@pytest.fixture
def postgres_database(session_postgres):
    """An empty database of this test's own. Its `server` may be stopped, killed or paused: other
    tests find it running again."""
    with session_postgres.database() as database:
        yield database


def import_seed(folder: pathlib.Path) -> None:
    """Imports the three CSV files of tests/data into `folder`/ginnel.db."""
    for what in ("users", "urls", "events"):
        url = f"sqlite:{folder / 'ginnel.db'}"
        done = run_cli("import", what, DATA / f"{what}.csv", "--database.url", url, cwd=folder)
        assert done.returncode == 0, done.stdout + done.stderr


def imported_service(folder: pathlib.Path):
    """A service over the imported seed files, for a fixture to yield from."""
    import_seed(folder)
    running = Service(folder)
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="session")
def session_imported(tmp_path_factory):
    yield from imported_service(tmp_path_factory.mktemp("imported"))


@pytest.fixture
def imported(session_imported):
    """A service over the imported seed files. Look, do not change."""
    mark = session_imported.mark()
    session_imported.expected_errors.clear()
    yield session_imported
    session_imported.assert_healthy(mark)


@pytest.fixture(scope="session")
def session_scripted(tmp_path_factory):
    yield from imported_service(tmp_path_factory.mktemp("scripted"))


@pytest.fixture(scope="module")
def script_counts(request):
    counts = collections.Counter()
    yield counts
    _report.append(f"{request.node.name}: {counts['scripts']} scripts, {counts['requests']} raw "
                   "requests, status, fields and every byte of the bodies compared")


@pytest.fixture
def scene(session_scripted, script_counts):
    """Raw requests to a service over the imported seed files. A script may add rows and change its
    own; those of the files stay."""
    mark = session_scripted.mark()
    session_scripted.expected_errors.clear()
    scene = Scene(session_scripted)
    yield scene
    scene.close()
    script_counts.update(scripts=1, requests=scene.requests)
    session_scripted.assert_healthy(mark)
