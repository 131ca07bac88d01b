"""The files of tests/data as the service has to show them."""
import csv
import json

from harness.service import ROOT

DATA = ROOT / "tests/data"


def rows_of(name: str) -> list[dict]:
    with open(DATA / f"{name}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def as_timestamp(text: str) -> str:
    return text.replace(" ", "T")


def users() -> list[dict]:
    return [
        {
            "created_at": as_timestamp(row["created_at"]),
            "email": row["email"],
            "id": int(row["id"]),
            "username": row["username"],
        }
        for row in rows_of("users")
    ]


def links() -> list[dict]:
    return [
        {
            "created_at": as_timestamp(row["created_at"]),
            "id": int(row["id"]),
            "is_active": row["is_active"] == "True",
            "original_url": row["original_url"],
            "short_code": row["short_code"],
            "title": row["title"],
            "updated_at": as_timestamp(row["updated_at"]),
            "user_id": int(row["user_id"]),
        }
        for row in rows_of("urls")
    ]


def events() -> list[dict]:
    return [
        {
            "details": json.loads(row["details"]),
            "event_type": row["event_type"],
            "id": int(row["id"]),
            "timestamp": as_timestamp(row["timestamp"]),
            "url_id": int(row["url_id"]),
            "user_id": int(row["user_id"]),
        }
        for row in rows_of("events")
    ]
