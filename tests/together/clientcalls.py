"""One list of calls of MLflow's client, whose outcomes are compared between servers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

_ID = re.compile(r"\bm-[0-9a-f]{32}\b|\btr-[0-9a-f]{32}\b|\b[0-9a-f]{32}\b")


class Calls:
    """Makes the calls one after another, and keeps what came of each, without what differs by chance."""

    def __init__(self, tracking_uri: str, name: str, folder: Path) -> None:
        import mlflow

        # Traces are sent to where the whole process logs.
        mlflow.set_tracking_uri(tracking_uri)
        self.client = mlflow.MlflowClient(tracking_uri)
        self.outcomes: dict[str, Any] = {}
        self._folder = folder
        self._name = name

    def outcome(self, name: str, call: Callable[[], Any]) -> Any:
        """Makes one call; an error of MLflow's is an outcome too."""
        from mlflow.exceptions import MlflowException

        try:
            result = call()
            self.outcomes[name] = self._plain(result)
        except MlflowException as error:
            result, self.outcomes[name] = None, f"{error.error_code}: {self._plain(error.message)}"
        except (AttributeError, OSError, TypeError, ValueError) as error:
            result, self.outcomes[name] = None, f"{type(error).__name__}: {self._plain(str(error))}"
        return result

    def _plain(self, value: Any) -> Any:
        """What can be compared: ids of this one run are letters, places and times are left out."""
        if isinstance(value, dict):
            return {
                self._plain(key): self._plain(each)
                for key, each in value.items()
                if key not in ("artifact_uri", "experiment_id")
            }
        if isinstance(value, (list, tuple)):
            return [self._plain(each) for each in value]
        if isinstance(value, str):
            value = re.sub(r"\b\d{13}\b", "TIME", value)
            return re.sub(
                r"experiment[_ ]id'?[=:]? ?'?\d+",
                "EXPERIMENT",
                _ID.sub("ID", value.replace(self._name, "NAME")),
            )
        if isinstance(value, float) and math.isnan(value):
            return "NaN"
        return value if isinstance(value, (int, float, bool, type(None))) else type(value).__name__

    def make(self) -> dict[str, Any]:
        """All calls."""
        experiment = self._experiments()
        run = self._runs(experiment)
        self._searches(experiment)
        self._artifacts(run)
        self._models(run)
        self._logged_models(experiment, run)
        self._errors(run)
        return self.outcomes

    def _experiments(self) -> str:
        client, outcome = self.client, self.outcome
        experiment = client.create_experiment(f"{self._name} ü", tags={"team": "blue"})
        outcome("create a second of that name", lambda: client.create_experiment(f"{self._name} ü"))
        outcome("get by name", lambda: client.get_experiment_by_name(f"{self._name} ü").name)
        outcome("get by a name that is not there", lambda: client.get_experiment_by_name("no such"))
        outcome("tag an experiment", lambda: client.set_experiment_tag(experiment, "a/b", "ü\n1"))
        outcome("its tags", lambda: client.get_experiment(experiment).tags)
        outcome("rename", lambda: client.rename_experiment(experiment, self._name))
        outcome("delete", lambda: client.delete_experiment(experiment))
        outcome("its stage", lambda: client.get_experiment(experiment).lifecycle_stage)
        outcome("restore", lambda: client.restore_experiment(experiment))
        found = f"name LIKE '{self._name}%' AND tags.team = 'blue'"
        outcome("search", lambda: [each.name for each in client.search_experiments(filter_string=found)])
        return experiment

    def _runs(self, experiment: str) -> str:
        from mlflow.entities import Metric, Param, RunTag

        client, outcome = self.client, self.outcome
        run = client.create_run(experiment, start_time=1000, run_name="first", tags={"k": "v"}).info.run_id
        outcome("log a metric", lambda: client.log_metric(run, "loss", 0.5, timestamp=1, step=0))
        for value in (math.nan, math.inf, -math.inf, 1e308, 5e-324):
            outcome(f"log {value}", partial(client.log_metric, run, f"m {value}", value, timestamp=1))
        metrics = [Metric("loss", 1 / (step + 1), 10 + step, step) for step in range(1, 500)]
        params = [Param(f"p{index}", "x" * 10 * index) for index in range(1, 50)]
        outcome("log a batch", lambda: client.log_batch(run, metrics, params, [RunTag("t", "1")]))
        outcome("log too large a batch", lambda: client.log_batch(run, metrics * 3))
        outcome("change a param", lambda: client.log_param(run, "p1", "other"))
        outcome("too long a param", lambda: client.log_param(run, "long", "x" * 10_000))
        outcome("a bad key", lambda: client.log_metric(run, "a\nb", 1))
        outcome("delete a tag", lambda: client.delete_tag(run, "k"))
        outcome("delete no tag", lambda: client.delete_tag(run, "no such"))
        outcome("update", lambda: client.update_run(run, status="RUNNING", name="renamed"))
        outcome("history", lambda: [m.value for m in client.get_metric_history(run, "loss")])
        outcome("end", lambda: client.set_terminated(run, "FAILED", end_time=2000))
        outcome("get", lambda: client.get_run(run).to_dictionary())
        outcome("parent of none", lambda: client.get_parent_run(run))
        return run

    def _searches(self, experiment: str) -> None:
        client, outcome = self.client, self.outcome
        for index in range(5):
            run = client.create_run(experiment, start_time=3000 + index, run_name=f"run {index}").info.run_id
            client.log_metric(run, "loss", index / 10, timestamp=1)
            client.log_param(run, "kind", "even" if index % 2 == 0 else "odd")
        for text in (
            "",
            "metrics.loss < 0.25",
            "params.kind = 'odd'",
            "attributes.run_name LIKE 'run %'",
            "bad =",
        ):
            outcome(f"search runs: {text}", partial(self._names, [experiment], text))
        for order in ("metrics.loss DESC", "params.kind ASC", "attributes.start_time ASC"):
            outcome(f"in the order of {order}", partial(self._names, [experiment], order_by=[order]))
        page = client.search_runs([experiment], max_results=4)
        outcome("a page", lambda: names(page))
        outcome("the next page", lambda: names(client.search_runs([experiment], page_token=page.token)))
        deleted = page[0].info.run_id
        outcome("delete a run", lambda: client.delete_run(deleted))
        outcome("without it", lambda: names(client.search_runs([experiment])))
        outcome("restore it", lambda: client.restore_run(deleted))

    def _names(self, experiments: list[str], *query: str, **more: Any) -> list[str]:
        return names(self.client.search_runs(experiments, *query, **more))

    def _listed(self, run: str, path: str) -> list[Any]:
        return [(file.path, file.is_dir, file.file_size) for file in self.client.list_artifacts(run, path)]

    def _artifacts(self, run: str) -> None:
        client, outcome = self.client, self.outcome
        (self._folder / "a b.txt").write_text("content")
        outcome("log a file", lambda: client.log_artifact(run, str(self._folder / "a b.txt"), "folder"))
        outcome("log a text", lambda: client.log_text(run, "ü", "folder/ü.txt"))
        outcome("log a dictionary", lambda: client.log_dict(run, {"a": 1}, "d.json"))
        for path in ("", "folder"):
            outcome(f"list {path}", partial(self._listed, run, path))
        outcome("download", lambda: Path(client.download_artifacts(run, "folder/ü.txt")).read_text())

    def _models(self, run: str) -> None:
        client, outcome = self.client, self.outcome
        outcome("register", lambda: client.create_registered_model("model", {"a": "b"}, "words").name)
        outcome("register again", lambda: client.create_registered_model("model"))
        source = client.get_run(run).info.artifact_uri
        version = outcome("make a version", lambda: client.create_model_version("model", source, run).version)
        outcome("an alias", lambda: client.set_registered_model_alias("model", "champion", version))
        outcome("by alias", lambda: client.get_model_version_by_alias("model", "champion").version)
        outcome("a tag of a version", lambda: client.set_model_version_tag("model", version, "k", "v"))
        outcome("a stage", lambda: client.transition_model_version_stage("model", version, "Staging").name)
        outcome("of a stage", lambda: [v.version for v in client.get_latest_versions("model", ["Staging"])])
        outcome(
            "search versions", lambda: [v.version for v in client.search_model_versions("name = 'model'")]
        )
        outcome("search models", lambda: [m.name for m in client.search_registered_models()])
        outcome("rename a model", lambda: client.rename_registered_model("model", "better"))
        outcome("delete the alias", lambda: client.delete_registered_model_alias("better", "champion"))
        outcome("delete the version", lambda: client.delete_model_version("better", version))
        outcome("delete the model", lambda: client.delete_registered_model("better"))

    def _logged_models(self, experiment: str, run: str) -> None:
        from mlflow.entities import DatasetInput, InputTag
        from mlflow.entities.dataset import Dataset

        client, outcome = self.client, self.outcome
        model = client.create_logged_model(experiment, name="net", source_run_id=run, params={"a": "1"})
        outcome("finish a logged model", lambda: client.finalize_logged_model(model.model_id, "READY").status)
        outcome("tag it", lambda: client.set_logged_model_tags(model.model_id, {"k": "v"}))
        outcome("get it", lambda: client.get_logged_model(model.model_id).tags)
        outcome("search them", lambda: [m.name for m in client.search_logged_models([experiment])])
        dataset = Dataset("data", "abc123", "local", "{}", None, None)
        inputs = [DatasetInput(dataset, [InputTag("mlflow.data.context", "train")])]
        outcome("log a dataset", lambda: client.log_inputs(run, inputs))
        outcome("its datasets", lambda: client.get_run(run).inputs.to_dictionary())
        trace = client.start_trace("trace", experiment_id=experiment, inputs={"q": 1})
        outcome("end a trace", lambda: client.end_trace(trace.trace_id, outputs={"a": 2}))
        outcome("search traces", lambda: [found.info.state for found in client.search_traces([experiment])])

    def _errors(self, run: str) -> None:
        client, outcome = self.client, self.outcome
        outcome("a run that is not there", lambda: client.get_run("0" * 32))
        outcome("an experiment that is not there", lambda: client.get_experiment("999999"))
        outcome("a model that is not there", lambda: client.get_registered_model("no such"))
        outcome("delete the run", lambda: client.delete_run(run))
        outcome("log to a deleted run", lambda: client.log_metric(run, "loss", 1))


def names(runs: Any) -> list[str]:
    """Names of runs, in their order."""
    return [run.info.run_name for run in runs]
