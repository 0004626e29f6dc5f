"""What a tracking server is started with, and what MLflow's app reads of it from the environment."""

from __future__ import annotations

from dataclasses import dataclass

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
        variables = {
            f"{_MLFLOW}FILE_STORE": self.tracking_uri,
            f"{_MLFLOW}REGISTRY_STORE": self.registry_uri or self.tracking_uri,
            # A plain absolute folder, so that kernels on the store itself can log artifacts; the same folder
            # is the destination of the streamed `mlflow-artifacts` routes.
            f"{_MLFLOW}ARTIFACT_ROOT": self.artifact_root,
            f"{_MLFLOW}ARTIFACT_DESTINATION": self.artifact_root,
            f"{_MLFLOW}SERVE_ARTIFACTS": "true",
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
            "MLFLOW_DISABLE_TELEMETRY": "true",
        }
        if self.tracking_uri.startswith(("file:", "/", ".")):
            variables["MLFLOW_ALLOW_FILE_STORE"] = "true"
        return variables
