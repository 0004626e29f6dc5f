"""MLflow's own reading of a search for runs: its JSON, its order, its filter, its page tokens."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .errors import BadRequestError, StoreBusyError
from .runorder import Clause

_MOST_RESULTS = 50_000
_VIEW_TYPES = {1: "ACTIVE_ONLY", 2: "DELETED_ONLY", 3: "ALL"}


@dataclass(frozen=True)
class Search:
    """A search that MLflow would carry out."""

    experiment_ids: Sequence[int]
    filter: str
    view_type: str
    clauses: Sequence[Clause]
    offset: int
    max_results: int


def decode_search(body: bytes) -> Search | None:
    """The search in a request's body; None for what MLflow refuses before it asks the database.

    Raises BadRequestError where that cannot be told.
    """
    from mlflow.exceptions import MlflowException

    message = _message(body)
    if message is None or not message.order_by:
        return None
    try:
        return _search(message)
    except (MlflowException, ValueError):
        return None


def filtered_run_ids(search: Search) -> Sequence[str]:
    """Ids of the runs that meet the filter; raises BadRequestError for a filter that MLflow does not take."""
    import sqlalchemy
    from mlflow.exceptions import MlflowException

    try:
        return _ids_by_filter(search)
    except MlflowException as error:
        raise BadRequestError(error.message) from error
    except sqlalchemy.exc.SQLAlchemyError as error:
        raise StoreBusyError(f"The store could not be read: {type(error).__name__}.") from error
    except (ImportError, AttributeError, TypeError) as error:
        raise BadRequestError(
            "This many runs cannot be filtered and sorted by a metric, param or tag in one search: "
            "filter without order_by, or sort without a filter."
        ) from error


def next_page_token(offset: int) -> str:
    """MLflow's token of the page from there on."""
    token = _search_utils().create_page_token(offset)
    return token.decode() if isinstance(token, bytes) else str(token)


def _message(body: bytes) -> Any:
    from google.protobuf.json_format import ParseError
    from mlflow.protos.service_pb2 import SearchRuns
    from mlflow.utils import proto_json_utils

    decoding: Any = proto_json_utils
    message = SearchRuns()
    try:
        asked = json.loads(body or b"{}")
        # Clients of old sent JSON in JSON.
        asked = json.loads(asked) if isinstance(asked, str) else asked
    except (ValueError, RecursionError):
        return None
    try:
        decoding.parse_dict(asked, message)
    except (ParseError, AttributeError, TypeError):
        # MLflow goes on with what it could read, and sorts by that.
        return message if not message.order_by else _refuse()
    return message


def _refuse() -> None:
    raise BadRequestError("The search cannot be understood.")


def _search_utils() -> Any:
    from mlflow.utils.search_utils import SearchUtils

    return SearchUtils


def _search(message: Any) -> Search | None:
    clauses = [_clause(text) for text in message.order_by]
    is_refused = not 0 < message.max_results <= _MOST_RESULTS or len(set(_keys(clauses))) < len(clauses)
    if is_refused:
        return None
    return Search(
        experiment_ids=[int(id_) for id_ in message.experiment_ids],
        filter=message.filter,
        view_type=_VIEW_TYPES[message.run_view_type if message.HasField("run_view_type") else 1],
        clauses=clauses,
        offset=_search_utils().parse_start_offset_from_page_token(message.page_token or None),
        max_results=message.max_results,
    )


def _keys(clauses: Sequence[Clause]) -> list[tuple[str, str]]:
    return [(clause.kind, clause.key) for clause in clauses]


def _clause(text: str) -> Clause:
    from mlflow.store.tracking.dbmodels.models import SqlRun

    utils = _search_utils()
    kind, key, is_ascending = utils.parse_order_by_for_search_runs(text)
    if kind == "attribute":
        key = SqlRun.get_attribute_name(utils.translate_key_alias(key))  # type: ignore[no-untyped-call]
    elif kind not in ("metric", "parameter", "tag"):
        raise ValueError(text)
    return Clause(kind, key, is_ascending)


def _ids_by_filter(search: Search) -> Sequence[str]:
    """MLflow's own clauses over run ids alone: with whole runs it would take a millisecond for each."""
    from mlflow.entities import LifecycleStage, ViewType
    from mlflow.server.handlers import _get_tracking_store
    from mlflow.store.tracking.dbmodels.models import SqlRun
    from mlflow.store.tracking.sqlalchemy_store import _get_sqlalchemy_filter_clauses
    from sqlalchemy import select

    parsed = _search_utils().parse_search_filter(search.filter)
    view_type = ViewType.from_string(search.view_type.lower())  # type: ignore[no-untyped-call]
    stages = set(LifecycleStage.view_type_to_stages(view_type))  # type: ignore[no-untyped-call]
    store: Any = _get_tracking_store()  # type: ignore[no-untyped-call]
    with store.ManagedSessionMaker() as session:
        of_runs, joined, of_datasets = _get_sqlalchemy_filter_clauses(  # type: ignore[no-untyped-call]
            parsed, session, "sqlite"
        )
        statement: Any = select(SqlRun.run_uuid)
        for each in joined:
            statement = statement.join(each)
        for each in of_datasets:
            statement = statement.join(each, SqlRun.run_uuid == each.c.destination_id)
        statement = statement.where(
            SqlRun.experiment_id.in_(search.experiment_ids), SqlRun.lifecycle_stage.in_(stages), *of_runs
        )
        return session.execute(statement.distinct()).scalars().all()
