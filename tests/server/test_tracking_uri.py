"""Tracking URIs: kinds, names, what is hidden."""

from __future__ import annotations

import pytest

from jupyterlab_experiments import tracking_uri as uris


@pytest.mark.parametrize(
    ("uri", "kind"),
    [
        ("http://localhost:5000", "http"),
        ("https://mlflow.example.org/team", "http"),
        ("sqlite:///mlflow.db", "sqlite"),
        ("sqlite+pysqlite:////a/b.db", "sqlite"),
        ("postgresql+psycopg2://u:p@db/x", "sql"),
        ("mysql://db/x", "sql"),
        ("file:///home/ana/mlruns", "file"),
        ("./mlruns", "file"),
        (r"C:\runs", "file"),
        ("databricks", "plugin"),
        ("azureml://region/x", "plugin"),
    ],
)
def test_the_kind_is_read_from_the_scheme(uri: str, kind: str) -> None:
    assert uris.kind_of(uri) == kind


def test_a_relative_file_is_made_absolute_below_the_given_folder() -> None:
    assert uris.absolute("sqlite:///mlflow.db", "/home/ana/sub") == "sqlite:////home/ana/sub/mlflow.db"
    assert (
        uris.absolute("sqlite:///../m.db?timeout=3", "/home/ana/sub") == "sqlite:////home/ana/m.db?timeout=3"
    )
    assert uris.absolute("https://host/x", "/home/ana") == "https://host/x"


@pytest.mark.parametrize(
    ("uri", "scheme"),
    [
        ("postgresql+psycopg2://db/x", "postgresql"),
        ("postgres://db/x", "postgresql"),
        ("https://h", "http"),
        ("./mlruns", "file"),
        ("databricks", "databricks"),
        ("arn:aws:sagemaker:eu:1:x", "arn"),
    ],
)
def test_the_scheme_is_told_without_its_driver(uri: str, scheme: str) -> None:
    assert uris.scheme_of(uri) == scheme


def test_a_dot_after_two_slashes_is_a_host_to_mlflow() -> None:
    assert uris.file_path("file://./mlruns") == "/mlruns"
    assert uris.means_folder_at_root("file://./mlruns")
    assert not uris.means_folder_at_root("file:///home/ana/mlruns")
    assert uris.file_path("file:///home/ana/my%20runs") == "/home/ana/my runs"
    assert uris.absolute("file:mlruns", "/home/ana") == "/home/ana/mlruns"


def test_a_pattern_of_hosts_covers_no_path_that_looks_like_one() -> None:
    for pattern in ("https://*.example.org*", "https://*.example.org/*", "https://mlflow.example.org/x"):
        assert uris.matches("https://mlflow.example.org/x", pattern), pattern
        assert not uris.matches("https://elsewhere.com/mlflow.example.org/x", pattern), pattern
        assert not uris.matches("http://mlflow.example.org/x", pattern), pattern
    assert uris.matches("sqlite:////home/ana/m.db", "sqlite:////home/*")


def test_the_same_store_written_in_two_ways_has_one_identity(tmp_path: object) -> None:
    assert uris.identity("https://u:p@MLflow.example.org:443/") == uris.identity("https://mlflow.example.org")
    assert uris.identity("sqlite:////tmp/x/../m.db") == uris.identity(
        "sqlite+pysqlite:////tmp/m.db?timeout=2"
    )


@pytest.mark.parametrize(
    "uri",
    [
        "https://ana:s3cret@mlflow.example.org/a@b",
        "postgresql://ana:s3cr/s3cret@db.example.org/x?password=s3cret",
        "toy://ana:s3cret@host/path",
    ],
)
def test_no_password_is_shown(uri: str) -> None:
    assert "s3cret" not in uris.without_credentials(uri) + uris.label_of(uri) + uris.identity(uri)


def test_labels_are_those_of_the_panel() -> None:
    assert uris.label_of("sqlite:////home/ana/mlflow.db") == "local · mlflow.db"
    assert uris.label_of("https://ana:x@mlflow.example.org/") == "team · mlflow.example.org"
    assert uris.label_of("http://127.0.0.1:5000") == "local · 127.0.0.1:5000"


def test_passwords_in_a_log_line_are_replaced() -> None:
    assert (
        uris.scrubbed("cannot open postgresql://ana:pw@db/x now") == "cannot open postgresql://***@db/x now"
    )
