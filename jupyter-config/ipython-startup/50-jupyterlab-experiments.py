try:
    from jupyterlab_experiments.kernel import load_ipython_extension as _experiments_start

    _experiments_start(get_ipython())  # noqa: F821 - IPython defines it where startup files run
except Exception:  # noqa: BLE001, S110 - a kernel must start without us
    pass
finally:
    globals().pop("_experiments_start", None)
