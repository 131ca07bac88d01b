"""`ginnel demo`: something to look at with one command."""
import contextlib
import re
import subprocess

from harness.http_client import Client
from harness.service import BINARY, clean_environment, free_port, run_cli


@contextlib.contextmanager
def demo(folder, *words, env=None):
    """A running demo: what it printed, and a connection to it."""
    port = free_port()
    process = subprocess.Popen(
        [str(BINARY), "demo", *map(str, words), "--http.listen", f"127.0.0.1:{port}"],
        cwd=folder, env=clean_environment(env), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )
    try:
        printed = []
        while not printed or "Ctrl-C" not in printed[-1]:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            printed.append(line)
        for line in process.stderr:
            if '"listening"' in line:
                break
        yield "".join(printed), Client("127.0.0.1", port)
    finally:
        process.terminate()
        _, rest = process.communicate(timeout=30)
    assert process.returncode == 0, rest


def test_everything_it_prints_works(tmp_path):
    with demo(tmp_path) as (printed, client):
        paths = re.findall(r"^  http://127\.0\.0\.1:\d+(/\S+)", printed, re.MULTILINE)
        assert len(paths) == 6 and "/docs" in paths
        page = re.search(r"^  http://127\.0\.0\.1:\d+(/) +the page", printed, re.MULTILINE)[1]
        assert b"<h1" in client.get(page, headers={"Accept": "text/html"}).body
        for path in paths:
            answer = client.get(path)
            assert answer.status == (302 if path == "/UeWfmJ" else 200), (path, answer)
        target = re.search(r"leads to (\S+)", printed).group(1)
        assert client.get("/UeWfmJ").field("Location") == target
        named = re.search(r"^  ginnel (link list --newest --server \S+)$", printed, re.MULTILINE)
        command = named.group(1)
        listed = run_cli(*command.split(), "--all", cwd=tmp_path)
        assert listed.returncode == 0 and len(listed.stdout.splitlines()) == 2000
    assert (tmp_path / "data/demo.db").exists()
    assert not list(tmp_path.rglob("*.csv"))


def clicks_of(client, link) -> dict:
    figures = client.get(f"/urls/{link}/stats").json()
    return {key: figures[key] for key in ("clicks", "humans", "daily_visitors")}


def test_it_has_clicks_of_people_and_of_machines_and_keeps_them(tmp_path, report):
    with demo(tmp_path) as (_, client):
        shown = client.get("/urls?order=newest&per_page=10").json()
        counted = {link["id"]: clicks_of(client, link["id"]) for link in [{"id": 1}, *shown]}
        for link, figures in counted.items():
            assert figures["clicks"] > figures["humans"] > 0, link
            assert figures["daily_visitors"] > 0
        stats = client.get("/urls/1/stats").json()
        assert {"human", "bot", "preview"} <= {row["value"] for row in stats["bot_classes"]}
        assert len([day for day in stats["buckets"] if day["clicks"]]) > 20
        assert len(stats["countries"]) > 3 and len(stats["referrers"]) > 3
    verified = run_cli("verify", "--database.url", f"sqlite:{tmp_path}/data/demo.db", cwd=tmp_path)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    with demo(tmp_path) as (_, client):
        assert {link: clicks_of(client, link) for link in counted} == counted, "counted once"
    report(f"{sum(figures['clicks'] for figures in counted.values())} clicks of the demo")


def test_a_demo_goes_on_where_it_was_ended(tmp_path):
    with demo(tmp_path, "my.db") as (_, client):
        assert client.request("DELETE", "/urls/2").status == 204
    with demo(tmp_path, "my.db") as (printed, client):
        assert "my.db has" in printed
        assert client.get("/urls/2").status == 404
        assert client.get("/urls/1").status == 200
    assert sorted(file.name for file in tmp_path.iterdir())[0] == "my.db"
    assert not (tmp_path / "data").exists()


def test_a_real_database_is_never_touched(start_service, tmp_path):
    service = start_service()
    service.api().make_link()
    assert service.stop() == 0
    real = service.database.read_bytes()
    refused = run_cli("demo", service.database, "--http.listen", f"127.0.0.1:{free_port()}",
                      cwd=tmp_path)
    assert refused.returncode == 1 and "links of its own" in refused.stderr
    journal = tmp_path / "real.journal"
    with demo(tmp_path, env={"DATABASE_URL": f"sqlite:{service.database}",
                             "GINNEL_JOURNAL_FOLDER": str(journal),
                             "GINNEL_BULK_FOLDER": str(tmp_path / "nowhere")}):
        pass
    assert not journal.exists()
    again = start_service(folder=service.folder).api()
    assert len(again.get("/urls").json()) == 1
    assert real[:16] == b"SQLite format 3\0"
