"""JupyterHub whose notebooks all log to one MLflow server of the team (docs/hub.md explains each line).

The MLflow server is that of compose.yml, with its `basic-auth`. The hub needs in its environment:
  TEAM_MLFLOW_URL             https://mlflow.example.org
  TEAM_MLFLOW_ADMIN_PASSWORD  of the MLflow account `admin`; stays in the hub
  TEAM_MLFLOW_ACCOUNTS_KEY    a long random text, from which the users' MLflow passwords are made
"""

import hashlib
import hmac
import json
import os
import sys

from tornado.httpclient import AsyncHTTPClient, HTTPClientError

c = get_config()  # noqa: F821 - given by JupyterHub

MLFLOW_URL = os.environ["TEAM_MLFLOW_URL"].rstrip("/")
ADMIN = os.environ.get("TEAM_MLFLOW_ADMIN", "admin")

# Prints the user's own account. It is asked by the user's Jupyter server, for the configured connection only.
CREDENTIALS_COMMAND = [
    "python3",
    "-c",
    "import json, os; print(json.dumps("
    "{'username': os.environ['JUPYTERHUB_USER'], 'password': os.environ['TEAM_MLFLOW_PASSWORD']}))",
]

EXPERIMENTS = {
    # The default connection, and the only one: every kernel is told it.
    "tracking_uri": MLFLOW_URL,
    "forced_connection": "default",
    "credentials_command": CREDENTIALS_COMMAND,
    # No SQLite file and no mlruns folder: no tracking server is started beside any notebook.
    "local_stores": False,
    "users_may_add": False,
    # A notebook may still call mlflow.set_tracking_uri; the panel goes along to these only.
    "allowed_tracking_uris": [MLFLOW_URL],
    "max_body_bytes": 5 * 1024**3,
    "request_timeout": 60.0,
}


def arguments(settings: dict) -> list:
    """The settings as words of a command line; a list is a word for each of its items."""
    items = [(name, item) for name, v in settings.items() for item in (v if isinstance(v, list) else [v])]
    return [f"--ExperimentsApp.{name}={item}" for name, item in items]


# On the command line, which the settings in a user's home folder do not override.
c.Spawner.args = arguments(EXPERIMENTS)
c.Spawner.default_url = "/lab"
# The panel takes some MB; what a user's training takes decides. (Not every spawner enforces it.)
c.Spawner.mem_limit = "4G"


def password_of(user: str) -> str:
    """The MLflow password of a user: always the same, and told by nothing but the key."""
    key = os.environ["TEAM_MLFLOW_ACCOUNTS_KEY"].encode()
    return hmac.new(key, user.encode(), hashlib.sha256).hexdigest()


async def call_mlflow(method: str, path: str, body: dict) -> None:
    """One call of MLflow's user administration, as its administrator."""
    await AsyncHTTPClient().fetch(
        f"{MLFLOW_URL}/api/2.0/mlflow/users/{path}",
        method=method,
        body=json.dumps(body),
        headers={"Content-Type": "application/json"},
        auth_username=ADMIN,
        auth_password=os.environ["TEAM_MLFLOW_ADMIN_PASSWORD"],
    )


async def give_account(spawner) -> None:
    """Make the user's MLflow account, or set its password again, before the user's server starts."""
    account = {"username": spawner.user.name, "password": password_of(spawner.user.name)}
    try:
        await call_mlflow("POST", "create", account)
    except HTTPClientError as error:
        if error.code != 400:
            raise
        await call_mlflow("PATCH", "update-password", account)
    spawner.environment["TEAM_MLFLOW_PASSWORD"] = account["password"]


c.Spawner.pre_spawn_hook = give_account

# Servers that nobody uses are stopped. An open panel does not keep one alive: it asks with no_track_activity.
c.JupyterHub.services = [
    {"name": "idle", "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=3600"]}
]
c.JupyterHub.load_roles = [
    {
        "name": "idle",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["idle"],
    }
]
