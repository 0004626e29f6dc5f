"""One write of the store as changes in the words of the live messages; pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .publish import number
from .storewrap import Write

Change = tuple[str, dict[str, Any]]
"""Kind of message, and its content."""

_STATUS = {1: "RUNNING", 2: "SCHEDULED", 3: "FINISHED", 4: "FAILED", 5: "KILLED"}
ENDED = frozenset({"FINISHED", "FAILED", "KILLED"})


def status_name(status: Any) -> str:
    """The status as MLflow's word, from its number or word."""
    return _STATUS.get(status, str(status)) if isinstance(status, int) else str(status)


def changes_of(write: Write) -> list[Change]:
    """What a write changed; empty for writes that nobody is told of."""
    translate = _TRANSLATIONS.get(write.method)
    if translate is not None:
        return translate(write)
    if "registered_model" in write.method or "model_version" in write.method:
        return _registry(write)
    return []


def _run(run_id: Any, event: str = "updated", **parts: Any) -> list[Change]:
    return [("run", {"run_id": str(run_id), "event": event, **{k: v for k, v in parts.items() if v}})]


def _create_run(write: Write) -> list[Change]:
    run = write.result
    info = _info(run.info)
    tags = {key: str(value) for key, value in run.data.tags.items()}
    info.setdefault("run_name", tags.get("mlflow.runName"))
    return _run(run.info.run_id, "created", info=info, tags=tags)


def _info(info: Any) -> dict[str, Any]:
    found = {
        "run_name": getattr(info, "run_name", None),
        "experiment_id": str(info.experiment_id),
        "status": status_name(info.status),
        "start_time": info.start_time,
        "end_time": info.end_time,
        "user_id": info.user_id or None,
    }
    return {key: value for key, value in found.items() if value is not None}


def _update_run(write: Write) -> list[Change]:
    arguments = write.arguments
    info: dict[str, Any] = {}
    event = "updated"
    if arguments.get("run_status") is not None:
        info["status"] = status_name(arguments["run_status"])
        event = "ended" if info["status"] in ENDED else "updated"
    if arguments.get("end_time") is not None:
        info["end_time"] = arguments["end_time"]
    if arguments.get("run_name"):
        info["run_name"] = arguments["run_name"]
    return _run(arguments["run_id"], event, info=info)


def _metrics(metrics: Any) -> dict[str, Any]:
    latest: dict[str, Any] = {}
    points: dict[str, Any] = {}
    for metric in metrics or ():
        value = number(metric.value)
        known = latest.get(metric.key)
        if known is None or (metric.step, metric.timestamp) >= (known[1], known[2]):
            latest[metric.key] = [value, metric.step, metric.timestamp]
        points.setdefault(metric.key, []).append([metric.step, value])
    return {"metrics": latest, "points": points}


def _pairs(entities: Any) -> dict[str, str]:
    return {entity.key: str(entity.value) for entity in entities or ()}


def _log_batch(write: Write) -> list[Change]:
    a = write.arguments
    parts = _metrics(a.get("metrics"))
    return _run(a["run_id"], **parts, params=_pairs(a.get("params")), tags=_pairs(a.get("tags")))


def _logged_model(write: Write) -> list[Change]:
    model = write.result
    run_id = getattr(model, "source_run_id", None)
    return _run(run_id, models=[{"model_id": model.model_id, "name": model.name}]) if run_id else []


def _recorded_model(write: Write) -> list[Change]:
    model = write.arguments["mlflow_model"]
    named = {"model_id": str(getattr(model, "model_uuid", "") or ""), "name": str(model.artifact_path)}
    return _run(write.arguments["run_id"], models=[named])


def _registry(write: Write) -> list[Change]:
    arguments, result = write.arguments, write.result
    version = arguments.get("version") or getattr(result, "version", None)
    run_id = arguments.get("run_id") or getattr(result, "run_id", None)
    name = arguments.get("new_name") or arguments.get("name")
    return [
        (
            "registry",
            {
                "name": str(name),
                "version": str(version) if version else None,
                "run_id": str(run_id) if run_id else None,
            },
        )
    ]


def _experiment(event: str) -> Callable[[Write], list[Change]]:
    def translate(write: Write) -> list[Change]:
        arguments = write.arguments
        experiment_id = write.result if event == "created" else arguments["experiment_id"]
        name = arguments.get("new_name") or arguments.get("name")
        return [("experiment", {"experiment_id": str(experiment_id), "name": name, "event": event})]

    return translate


_TRANSLATIONS: dict[str, Callable[[Write], list[Change]]] = {
    "create_run": _create_run,
    "update_run_info": _update_run,
    "delete_run": lambda w: _run(w.arguments["run_id"], "deleted"),
    "restore_run": lambda w: _run(w.arguments["run_id"], "restored"),
    "log_metric": lambda w: _run(w.arguments["run_id"], **_metrics([w.arguments["metric"]])),
    "log_param": lambda w: _run(w.arguments["run_id"], params=_pairs([w.arguments["param"]])),
    "set_tag": lambda w: _run(w.arguments["run_id"], tags=_pairs([w.arguments["tag"]])),
    "delete_tag": lambda w: _run(w.arguments["run_id"], deleted_tags=[w.arguments["key"]]),
    "log_batch": _log_batch,
    "create_logged_model": _logged_model,
    "record_logged_model": _recorded_model,
    "create_experiment": _experiment("created"),
    "rename_experiment": _experiment("renamed"),
    "delete_experiment": _experiment("deleted"),
    "restore_experiment": _experiment("restored"),
}
