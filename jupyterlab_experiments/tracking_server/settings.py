"""What a tracking server is started with, and what MLflow's app reads of it from the environment."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata

from .. import tracking_uri as uris

# Names that MLflow's own command passes to its app; internal to MLflow, so they stand here once.
_MLFLOW = "_MLFLOW_SERVER_"


@dataclass(frozen=True)
class Settings:
    """One store: where runs, registered models and artifacts are."""

    tracking_uri: str
    artifact_root: str
    registry_uri: str | None = None

    def environment(self) -> dict[str, str]:
        """Variables to set before MLflow's app is imported."""
        registry_uri = self.registry_uri or default_registry(self.tracking_uri)
        variables = {
            f"{_MLFLOW}FILE_STORE": self.tracking_uri,
            f"{_MLFLOW}REGISTRY_STORE": registry_uri,
            # Those of the Jupyter server may mean another store; artifacts of plugins are found by them.
            "MLFLOW_TRACKING_URI": self.tracking_uri,
            "MLFLOW_REGISTRY_URI": registry_uri,
            # A plain absolute folder, so that kernels on the store itself can log artifacts; the same folder
            # is the destination of the streamed `mlflow-artifacts` routes.
            f"{_MLFLOW}ARTIFACT_ROOT": self.artifact_root,
            f"{_MLFLOW}ARTIFACT_DESTINATION": self.artifact_root,
            f"{_MLFLOW}SERVE_ARTIFACTS": "true",
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
            "MLFLOW_DISABLE_TELEMETRY": "true",
        }
        if "file" in (uris.kind_of(self.tracking_uri), uris.kind_of(registry_uri)):
            variables["MLFLOW_ALLOW_FILE_STORE"] = "true"
        return variables


def default_registry(tracking_uri: str) -> str:
    """Where models are registered when no registry is named: Databricks' in Unity Catalog since MLflow 3."""
    head, separator, profile = tracking_uri.partition("://")
    if head != "databricks" or not _is_mlflow_3():
        return tracking_uri
    return f"databricks-uc{separator}{profile}"


def _is_mlflow_3() -> bool:
    for name in ("mlflow", "mlflow-skinny"):
        try:
            return int(metadata.version(name).partition(".")[0]) >= 3
        except (metadata.PackageNotFoundError, ValueError):
            continue
    return True
