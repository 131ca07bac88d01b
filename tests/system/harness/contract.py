"""What several parts of the interface have in common."""
import re

TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?")
NEEDS_OBJECT = "Request body must be a JSON object"


def details_of(answer, status: int) -> dict[str, str]:
    """The fault of each field in `{"details":{...},"error":"Validation failed"}`."""
    assert answer.status == status, answer
    body = answer.canonical()
    assert set(body) == {"details", "error"} and body["error"] == "Validation failed"
    return body["details"]


def link_draft(api, owner=None, **fields):
    """A body of POST /urls that is good, with these fields changed."""
    owner = owner or api.make_user()["id"]
    return {"user_id": owner, "original_url": "https://example.com/", "title": "t", **fields}
