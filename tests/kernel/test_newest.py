"""The latest value of a metric is that of the greatest step, as in MLflow's store."""

from jupyterlab_experiments.kernel.newest import Newest


def change(value: float, step: int, timestamp: int) -> dict[str, object]:
    return {"metrics": {"loss": [value, step, timestamp]}, "points": {"loss": [[step, value]]}}


def test_an_earlier_value_that_is_logged_again_changes_nothing() -> None:
    newest = Newest()
    assert newest.take(change(0.1, 9, 1000)) == ({"loss": [0.1, 9, 1000]}, {"loss": [[9, 0.1]]})
    assert newest.take(change(2.0, 0, 900)) == ({}, {})


def test_values_without_steps_follow_their_time() -> None:
    newest = Newest()
    newest.take(change(0.1, 0, 1000))
    assert newest.take(change(0.2, 0, 1001))[0] == {"loss": [0.2, 0, 1001]}
