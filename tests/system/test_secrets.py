"""No log tells a key: those that callers show by mistake neither. What conftest.py looks for at the
end, in the logs of all tests, is shown to be found here."""
import pathlib

import pytest

from harness import secrets

KEY = secrets.keep("the-key-of-this-test-0123456789")
MISTAKEN = secrets.keep("shown-by-mistake-0123456789")


@pytest.mark.parametrize("level", ["debug", "info"])
def test_a_log_tells_no_key(start_service, level, report):
    service = start_service("--log.level", level, "--log.redirects_one_in", "1",
                            env={"API_KEY": KEY})
    api = service.api()
    for key, status in ((KEY, 200), (MISTAKEN, 401)):
        for fields in ({"X-API-Key": key}, {"Authorization": f"Bearer {key}"}):
            for path in ("/users", "/urls?cursor=0", "/audit", "/events?per_page=1"):
                assert api.get(path, headers=fields).status == status
                assert api.post("/users", {"username": 1}, headers=fields).status in (401, 422)
            assert api.get("/nosuch", headers=fields).status == 404
    assert service.stop() == 0
    lines = len(service.log.lines)
    assert lines > 30, "the requests are in the log"
    assert secrets.leaks_in(service.log.path) == []
    report(f"{lines} lines at level {level}, 34 requests with keys, no key")


def test_a_key_in_a_log_is_noticed(tmp_path: pathlib.Path):
    log = tmp_path / "service.log"
    log.write_text('{"message":"request","key":"' + KEY + '"}\n')
    assert secrets.leaks_in(log) == [f"{log} tells {KEY!r}"]
    log.write_text('{"message":"request"}\n')
    assert secrets.leaks_in(log) == []
