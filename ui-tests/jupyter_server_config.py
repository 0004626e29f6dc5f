"""Configuration of the JupyterLab under test: token and XSRF check on, as in real life."""

import os

c = get_config()  # noqa: F821 - given by Jupyter
c.ServerApp.allow_root = True
c.ServerApp.open_browser = False
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.port_retries = 0
c.ServerApp.root_dir = os.environ["LAB_ROOT"]
c.IdentityProvider.token = os.environ["LAB_TOKEN"]
c.LabApp.expose_app_in_browser = True
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.JupyterNotebookApp.expose_app_in_browser = True
