"""Pure: which plugin a tracking URI needs, and what to install for it."""

from __future__ import annotations

from ... import tracking_uri as uris
from ...tracking_uri import scheme_of

_PLACES = {
    "azureml": "Azure Machine Learning",
    "arn": "Amazon SageMaker",
    "sds": "Microsoft Fabric",
    "cml": "Cloudera AI",
    "databricks": "Databricks",
    "databricks-uc": "Databricks Unity Catalog",
}
_PACKAGES = {
    "azureml": "mlflow azureml-mlflow",
    "arn": "mlflow sagemaker-mlflow",
    "sds": '"mlflow<3" synapseml-mlflow',
    "databricks": "mlflow databricks-sdk",
    "databricks-uc": "mlflow databricks-sdk",
}
_TRAIT = "c.ExperimentsApp.tracking_server_pythons"


def needs_plugin(uri: str) -> bool:
    """Whether a store of this URI is opened by more than MLflow and a database driver."""
    return uris.kind_of(uri) == "plugin"


def plugin_needed(tracking_uri: str, registry_uri: str | None) -> list[str]:
    """Schemes of a connection's two URIs that need a plugin, the tracking URI's first."""
    given = [uri for uri in (tracking_uri, registry_uri) if uri and needs_plugin(uri)]
    return list(dict.fromkeys(scheme_of(uri) for uri in given))


def missing_plugin(uri: str) -> tuple[str, str]:
    """What is wrong and what to do, as two sentences, where no interpreter here can open a URI."""
    scheme = scheme_of(uri)
    shown = _shown(uri, scheme)
    problem = f"No interpreter here has a plugin for {shown}" + ("" if shown.endswith("…") else ".")
    named = f"name it in `{_TRAIT} = {{'{scheme}': '/path/to/python'}}`"
    if scheme in _PACKAGES:
        into = f"Install it for {_PLACES[scheme]} where a kernel runs: `pip install {_PACKAGES[scheme]}`"
        return problem, f"{into}, or {named}."
    if scheme == "cml":
        return problem, (
            "Cloudera AI's own runtimes have it; where a kernel runs outside of them, install their MLflow "
            f"plugin and `mlflow`, or {named}."
        )
    return problem, (
        "Install a package with the entry point `mlflow.tracking_store` of that name, and `mlflow`, where a "
        f"kernel runs, or {named}."
    )


def missing_plugin_message(uri: str) -> str:
    """What `missing_plugin` says, as one text."""
    return " ".join(missing_plugin(uri))


def missing_server_message(uri: str, python: str, version: str | None) -> str:
    """Words for an interpreter with the plugin whose MLflow has no server, as `mlflow-skinny` has none."""
    wanted = f"mlflow=={version}" if version else "mlflow"
    return (
        f"The interpreter {python} has the plugin for {_shown(uri, scheme_of(uri))}, but no MLflow that "
        f"can be served: `{python} -m pip install {wanted}` (mlflow-skinny leaves the server out)."
    )


def _shown(uri: str, scheme: str) -> str:
    if scheme == "arn":
        return ":".join(uri.split(":")[:3]) + ":…"
    return f"{scheme}://…" if "://" in uri else scheme
