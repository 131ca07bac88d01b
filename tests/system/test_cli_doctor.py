"""`ginnel doctor`: what is wrong with an installation, and what cures it."""
import json
import os
import resource
import shutil
import socket
import sqlite3
import subprocess

import pytest
from conftest import import_seed
from harness.clicks import wait_until
from harness.service import BINARY, clean_environment, free_port, run_cli


def doctor(folder, *words, status=0, env=None) -> dict[str, list[dict]]:
    """Findings by area."""
    done = run_cli("doctor", "--json", *words, cwd=folder, env=env)
    assert done.returncode == status, done.stdout + done.stderr
    assert done.stderr == ""
    findings: dict[str, list[dict]] = {}
    for finding in json.loads(done.stdout):
        assert (finding["level"] == "ok") == (finding["cure"] == ""), finding
        findings.setdefault(finding["area"], []).append(finding)
    return findings


def flags(folder, port=0) -> list[str]:
    url = f"sqlite:{folder / 'ginnel.db'}"
    return ["--http.listen", f"127.0.0.1:{port}", "--database.url", url]


def level(findings, area) -> str:
    return findings[area][0]["level"]


def test_a_new_installation_is_well_and_stays_untouched(tmp_path):
    findings = doctor(tmp_path, *flags(tmp_path))
    for area in ("settings", "folder", "database", "server", "port", "journal", "files", "access",
                 "url", "countries"):
        assert level(findings, area) == "ok", findings[area]
    assert list(tmp_path.iterdir()) == []


def test_lines_are_for_people(tmp_path):
    done = run_cli("doctor", *flags(tmp_path), "--http.listen", "0.0.0.0:0", cwd=tmp_path)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("ok    settings   ")
    at = next(number for number, line in enumerate(lines) if line.startswith("warn  access"))
    assert lines[at + 1].strip().startswith("cure: ") and "API_KEY_FILE" in lines[at + 1]


def test_every_fault_of_the_settings_is_told(tmp_path):
    (tmp_path / "ginnel.toml").write_text("[http]\nthreads = 0\nnosuch = 1\n")
    findings = doctor(tmp_path, status=1)
    assert list(findings) == ["settings"]
    assert ["ginnel.toml:2", "ginnel.toml:3"] == sorted(
        finding["text"].split(": ")[0] for finding in findings["settings"]
    )


def test_a_served_database_is_asked_after(start_service):
    service = start_service()
    port = service.port
    findings = doctor(service.folder, *flags(service.folder, port))
    assert level(findings, "database") == "ok"
    assert findings["server"][0]["text"] == (
        f"process {service.pid} serves, ready at http://127.0.0.1:{port}"
    )
    assert "in use" in findings["journal"][0]["text"]
    other = free_port()
    lost = doctor(service.folder, *flags(service.folder, other), status=1)
    assert level(lost, "server") == "fail" and str(service.pid) in lost["server"][0]["text"]
    assert service.api().make_link()["id"] == 1, "the server was not disturbed"


def test_a_port_in_use_is_told(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        findings = doctor(tmp_path, *flags(tmp_path, taken.getsockname()[1]), status=1)
    assert level(findings, "port") == "fail" and "ss -ltnp" in findings["port"][0]["cure"]


def test_a_sound_database_is_counted_and_a_damaged_one_told(tmp_path):
    import_seed(tmp_path)
    assert "sound, 2000 links" in doctor(tmp_path, *flags(tmp_path))["database"][0]["text"]
    file = tmp_path / "ginnel.db"
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    with open(file, "r+b") as damaged:
        damaged.seek(file.stat().st_size // 2 & ~4095)
        damaged.write(b"\xee" * 16384)
    findings = doctor(tmp_path, *flags(tmp_path), status=1)
    assert level(findings, "database") == "fail"
    assert "ginnel restore" in findings["database"][0]["cure"]


@pytest.mark.parametrize("what", [
    "INDEX links_by_code", "INDEX events_by_user_and_time", "TRIGGER audit_is_not_changed",
    "TABLE link_sums", "TABLE idempotency_keys",
])
def test_what_was_dropped_is_told(tmp_path, what):
    import_seed(tmp_path)
    with sqlite3.connect(tmp_path / "ginnel.db") as database:
        database.execute(f"DROP {what}")
    database.close()
    finding = doctor(tmp_path, *flags(tmp_path), status=1)["database"][0]
    kind, name = what.split()
    assert finding["level"] == "fail" and f"{kind.lower()} {name}" in finding["text"], finding
    if kind == "TABLE":
        assert "ginnel restore" in finding["cure"]
        return
    statement = finding["cure"].split('"')[1]
    with sqlite3.connect(tmp_path / "ginnel.db") as database:
        database.executescript(statement)
    database.close()
    assert level(doctor(tmp_path, *flags(tmp_path)), "database") == "ok"


@pytest.mark.parametrize("made", [
    "DROP INDEX links_by_user; CREATE INDEX links_by_user ON links (title)",
    "DROP INDEX links_by_code; CREATE INDEX links_by_code ON links (code)",
    "DROP TRIGGER audit_is_not_deleted; CREATE TRIGGER audit_is_not_deleted "
    "BEFORE DELETE ON audit BEGIN SELECT 1; END",
])
def test_what_was_made_otherwise_is_told_with_a_cure_that_works(tmp_path, made):
    import_seed(tmp_path)
    with sqlite3.connect(tmp_path / "ginnel.db") as database:
        database.executescript(made)
    database.close()
    finding = doctor(tmp_path, *flags(tmp_path), status=1)["database"][0]
    with sqlite3.connect(tmp_path / "ginnel.db") as database:
        database.executescript(finding["cure"].split('"')[1])
    database.close()
    assert level(doctor(tmp_path, *flags(tmp_path)), "database") == "ok"


@pytest.mark.parametrize("forget", ["DROP TABLE schema_migrations", "DELETE FROM schema_migrations",
                                    "DELETE FROM schema_migrations WHERE number = 2"])
def test_a_database_that_forgot_its_migrations_is_a_fault(tmp_path, forget):
    import_seed(tmp_path)
    with sqlite3.connect(tmp_path / "ginnel.db") as database:
        database.execute(forget)
    database.close()
    finding = doctor(tmp_path, *flags(tmp_path), status=1)["database"][0]
    assert finding["level"] == "fail" and "schema_migrations" in finding["text"], finding
    assert "restore" in finding["cure"]
    done = run_cli("migrate", "--database.url", f"sqlite:{tmp_path / 'ginnel.db'}", cwd=tmp_path)
    assert done.returncode == 1 and "schema_migrations" in done.stderr


def recovered(folder):
    """What docs/operations.md says under "Without a backup"."""
    subprocess.run(
        ["bash", "-c", "(sqlite3 ginnel.db .dump | sed 's/^ROLLBACK.*/COMMIT;/';"
                       " echo 'PRAGMA application_id = 1198091886;') | sqlite3 recovered.db"],
        cwd=folder, check=True, capture_output=True, timeout=60, env=clean_environment(),
    )
    return folder / "recovered.db"


def test_a_damaged_database_is_recovered_as_the_manual_says(start_service):
    service = start_service()
    links = [service.api().make_link() for _ in range(100)]
    assert service.stop() == 0
    with sqlite3.connect(service.database) as database:
        (root,) = database.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'events_by_type'").fetchone()
    database.close()
    with open(service.database, "r+b") as file:
        file.seek(4096 * (root - 1))
        file.write(b"\xee" * 4096)
    finding = doctor(service.folder, *flags(service.folder), status=1)["database"][0]
    assert "docs/operations.md" in finding["cure"]
    done = run_cli("restore", recovered(service.folder), *flags(service.folder)[2:],
                   cwd=service.folder)
    assert done.returncode == 0, done.stderr
    again = start_service(folder=service.folder)
    assert again.api().all_rows("/urls") == links
    assert again.api().get("/health/ready").status == 200


def test_a_server_that_takes_no_changes_is_told_and_why(start_service):
    service = start_service("--shutdown.ship_ms", "300")
    service.expected_errors.append("not where it was")
    api = service.api()
    api.make_link()
    options = flags(service.folder, service.port)
    file = service.database
    os.rename(file, f"{file}.away")
    wait_until(lambda: api.get("/health/ready").status == 503, 3)
    findings = doctor(service.folder, *options, status=1)
    assert "is gone, while process" in findings["database"][0]["text"]
    assert "takes no changes" in findings["server"][0]["text"]
    assert "ginnel_store_stopped" in findings["server"][0]["cure"]
    shutil.copy(f"{file}.away", file)
    findings = doctor(service.folder, *options, status=1)
    assert "is not the file that process" in findings["database"][0]["text"]
    os.replace(f"{file}.away", file)
    os.rename(f"{file}.lock", f"{file}.lock.away")
    findings = doctor(service.folder, *options, status=1)
    assert ".lock was deleted while" in findings["database"][0]["text"]
    os.rename(f"{file}.lock.away", f"{file}.lock")
    assert wait_until(lambda: api.get("/health/ready").status == 200, 3)
    doctor(service.folder, *options)


def test_another_programs_file_is_told(tmp_path):
    (tmp_path / "ginnel.db").write_bytes(b"not a database" * 1000)
    findings = doctor(tmp_path, *flags(tmp_path), status=1)
    assert level(findings, "database") == "fail"


def test_a_shadowed_link_is_named(start_service):
    service = start_service()
    link = service.api().make_link(code="not-yet-taken")
    assert service.stop() == 0
    with sqlite3.connect(service.database) as database:
        database.execute("UPDATE links SET code = 'Docs' WHERE id = ?", (link["id"],))
    database.close()
    findings = doctor(service.folder, *flags(service.folder))
    assert level(findings, "links") == "warn" and "Docs" in findings["links"][0]["text"]


def test_clicks_that_wait_are_told(start_service):
    service = start_service("--clicks.ship_interval_ms", 60000)
    api = service.api()
    link = api.make_link()
    assert api.get(f"/{link['short_code']}").status == 302
    service.kill()
    findings = doctor(service.folder, *flags(service.folder))
    assert level(findings, "journal") == "warn"
    assert "ginnel journal replay" in findings["journal"][0]["cure"]
    assert run_cli("journal", "replay", *flags(service.folder), cwd=service.folder).returncode == 0
    assert level(doctor(service.folder, *flags(service.folder)), "journal") == "ok"


def test_a_low_limit_of_open_files_is_told(tmp_path):
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard <= 512:
        pytest.skip("the limit is low already")
    done = subprocess.run(
        ["bash", "-c", 'ulimit -n 256; exec "$@"', "bash", str(BINARY), "doctor", *flags(tmp_path)],
        cwd=tmp_path, env=clean_environment(), capture_output=True, text=True, timeout=60,
    )
    assert "warn  files" in done.stdout and "ulimit -n 65536" in done.stdout, done.stdout


def test_a_country_file_that_is_none_is_told(tmp_path):
    (tmp_path / "c.mmdb").write_text("nothing of the kind")
    for name in ("c.mmdb", "missing.mmdb"):
        findings = doctor(tmp_path, *flags(tmp_path), "--clicks.country_file", tmp_path / name)
        assert level(findings, "countries") == "warn"
        assert "geoipupdate" in findings["countries"][0]["cure"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "shut").mkdir(mode=0o500)
    findings = doctor(tmp_path, *flags(tmp_path / "shut"), status=1)
    assert level(findings, "folder") == "fail" and "chown" in findings["folder"][0]["cure"]
