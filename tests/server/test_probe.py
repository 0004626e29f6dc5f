"""What answers and failures of a tracking server mean: decided without a network."""

from __future__ import annotations

import json

import pytest

from jupyterlab_experiments.server.diagnosis.probe import Answer, Answers, Place, judge, shown_location
from jupyterlab_experiments.server.diagnosis.revisions import Revisions
from jupyterlab_experiments.server.diagnosis.sqllook import judge_sql, judge_words
from jupyterlab_experiments.server.diagnosis.storelook import Content, judge_content

PLACE = Place("mlflow.example.org", "https://mlflow.example.org")
EMPTY = Answer(200, {"content-type": "application/json"}, b"{}")
NO_ALIAS = Answer(404, {"content-type": "text/html"}, b"<!doctype html>")
REVISIONS = Revisions("c3", {"a1": "2023-04", "c3": "2026-01"}, "3.17.2")


def version(text: str) -> Answer:
    return Answer(200, {}, text.encode())


@pytest.mark.parametrize(
    ("answers", "diagnosis", "words"),
    [
        (Answers(EMPTY, version("3.17.2")), "ok", "MLflow 3.17.2"),
        (Answers(EMPTY, version("2.9.0")), "ok", "2.9.0"),
        (Answers(EMPTY, version("2.8.1")), "too-old", "2.8.1"),
        (Answers(EMPTY, NO_ALIAS, Answer(404, {}, b'{"error_code": "X"}')), "ok", "MLflow"),
        (Answers(EMPTY, NO_ALIAS, NO_ALIAS), "too-old", "very old"),
        (Answers(Answer(404, {}, b"no"), version("1.20.0")), "too-old", "1.20.0"),
        (Answers(Answer(404, {}, b"no"), NO_ALIAS), "not-mlflow", "something else"),
        (Answers(Answer(200, {"content-type": "text/html"}, b"<p>hello")), "not-mlflow", "a web page"),
        (Answers(Answer(200, {}, b'{"hello": 1}')), "not-mlflow", "other JSON"),
        (Answers(Answer(200, {}, b"[" * 9000)), "not-mlflow", "something else"),
        (
            Answers(Answer(200, {}, b'{\n "experiments": [' + b" " * 999, False), version("3.1.0")),
            "ok",
            "3.1",
        ),
        (Answers(Answer(200, {}, b"x" * 9999, False)), "not-mlflow", "something else"),
        (Answers(Answer(401)), "login", "401"),
        (Answers(Answer(403, {}, b'{"error_code": "PERMISSION_DENIED"}')), "permission", "403"),
        (Answers(Answer(403, {}, b"Invalid Host header - possible DNS rebinding")), "host-header", "name"),
        (
            Answers(Answer(302, {"location": "https://sso.example.org/login?next=x"})),
            "redirect",
            "sso.example",
        ),
        (Answers(Answer(500)), "failed", "500"),
        (Answers(Answer(429)), "failed", "429"),
    ],
)
def test_each_answer_has_its_diagnosis_in_words(answers: Answers, diagnosis: str, words: str) -> None:
    found = judge(answers, PLACE)
    assert found.diagnosis == diagnosis
    assert words in found.message
    assert PLACE.host in found.message or diagnosis == "host-header"


def test_the_remedies_name_what_is_to_be_set() -> None:
    refused = Answers(Answer(403, {}, b"Invalid Host header"))
    assert "--allowed-hosts mlflow.example.org" in (judge(refused, PLACE).remedy or "")
    login = Answers(Answer(401))
    assert "MLFLOW_TRACKING_USERNAME" in (judge(login, PLACE).remedy or "")
    own = Place(PLACE.host, PLACE.address, is_trusted=False)
    assert "https://user:password@mlflow.example.org" in (judge(login, own).remedy or "")


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("/login?token=s3cret#s3cret", "https://mlflow.example.org/login"),
        ("https://ana:s3cret@other.example.org/x?s3cret", "https://other.example.org/x"),
        ("//other.example.org", "https://other.example.org"),
        ("javascript:alert(1)", ""),
        ("https://[bad", ""),
        ("https://h/" + "x" * 5000, "https://h"),
    ],
)
def test_where_a_redirect_leads_is_shown_without_secrets(location: str, shown: str) -> None:
    assert shown_location(location, PLACE.address) == shown


def test_a_schema_of_another_mlflow_is_told_with_its_revision_and_what_to_do() -> None:
    older = judge_content(Content(True, True, "a1"), "m.db", REVISIONS)
    assert older is not None
    assert (older.diagnosis, older.mlflow_version) == ("schema", "3.17.2")
    assert "a1 of 2023-04" in older.message
    assert "upgrade" in (older.remedy or "")
    newer = judge_content(Content(True, True, "f9"), "m.db", REVISIONS)
    assert newer is not None
    assert "f9" in newer.message
    assert "newer" in newer.message
    assert "tracking_server_python" in (newer.remedy or "")
    assert judge_content(Content(True, True, "c3"), "m.db", REVISIONS) is None
    foreign = judge_content(Content(False, True, None), "m.db", REVISIONS)
    assert foreign is not None
    assert foreign.diagnosis == "not-mlflow"


@pytest.mark.parametrize(
    ("text", "diagnosis"),
    [
        ('connection failed: FATAL:  password authentication failed for user "ana"', "login"),
        ("(1045, \"Access denied for user 'ana'@'localhost' (using password: YES)\")", "login"),
        ('FATAL:  database "x" does not exist', "no-file"),
        ("(1049, \"Unknown database 'x'\")", "no-file"),
        ('could not translate host name "db" to address: Name or service not known', "no-host"),
        ("permission denied for table alembic_version", "permission"),
        ("server does not support SSL, but SSL was required", "certificate"),
        ("connection timeout expired", "timeout"),
        ("something new", "failed"),
    ],
)
def test_the_words_of_database_servers_are_understood_and_not_repeated(text: str, diagnosis: str) -> None:
    found = judge_words(text, "db.example.org")
    assert found.diagnosis == diagnosis
    assert "ana" not in json.dumps(found.printed())


def test_a_missing_driver_says_what_to_install() -> None:
    found = judge_sql({"error": "ModuleNotFoundError", "text": "psycopg2"}, "postgresql://h/x", REVISIONS)
    assert found.diagnosis == "no-plugin"
    assert "pip install" in (found.remedy or "")
