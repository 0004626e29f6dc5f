import { expect, test } from '../support/lab';
import { asObject, listRoot, Store } from '../support/store';

const AUTOLOGGED = `import mlflow
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
mlflow.sklearn.autolog()
X, y = load_iris(return_X_y=True)
LogisticRegression(max_iter=200).fit(X, y).score(X, y)`;

const SLOW = `import mlflow, time
with mlflow.start_run(run_name='slow'):
    mlflow.log_param('alpha', 0.5)
    for step in range(60):
        mlflow.log_metric('loss', 1 / (step + 1), step=step)
        time.sleep(0.1)`;

test('an autologged run stands beside the notebook, in an experiment of its name', async ({
  lab,
  server
}) => {
  lab.write('folder/first try.ipynb', [AUTOLOGGED]);
  await lab.open('folder/first try.ipynb');
  await lab.openPanel();
  await expect(lab.panel).toContainText(
    'No runs in first try.ipynb yet. Whatever it logs appears here by itself'
  );
  await lab.runCell(0);
  await expect(lab.rows).toHaveCount(1);
  await expect(lab.rows.first()).toHaveAttribute('aria-label', /finished/i);

  const store = new Store(server);
  const runs = await store.runs();
  expect(runs).toHaveLength(1);
  expect(asObject(runs[0].data.tags)).toMatchObject({
    'mlflow.source.name': 'folder/first try.ipynb',
    'mlflow.source.type': 'NOTEBOOK',
    'jupyter.cell_id': 'cell-0'
  });
  const name = (await store.experiments()).get(runs[0].info.experiment_id);
  expect(name).toBe('folder/first try');
});

test('a run is shown as running, with its params and changing metrics, while its cell works', async ({
  lab
}) => {
  lab.write('slow.ipynb', [SLOW]);
  await lab.open('slow.ipynb');
  await lab.openPanel();
  await lab.runCell(0, { wait: false });
  const row = lab.row('slow');
  await expect(row).toHaveAttribute('aria-label', /running/i);
  await expect(row).toContainText(/0\.\d/);
  const first = await row.innerText();
  await expect(row).not.toHaveText(first);
  await row.click();
  await lab.panel.getByText('Params', { exact: true }).click();
  await expect(lab.panel).toContainText('alpha');
  await lab.cellDone(0);
  await expect(row).toHaveAttribute('aria-label', /finished/i);
});

test('opening JupyterLab, a notebook and the panel writes nothing', async ({
  lab,
  server
}) => {
  lab.write('quiet.ipynb', ['1 + 1', 'import mlflow']);
  await lab.open('quiet.ipynb');
  await lab.openPanel();
  await lab.runCell(0);
  await lab.runCell(1);
  expect(await listRoot(server)).toEqual(['quiet.ipynb']);
  const answer = await server.fetch('api/contents/quiet.ipynb');
  const file = (await answer.json()) as {
    content: { metadata: Record<string, unknown> };
  };
  expect(file.content.metadata.experiments).toBeUndefined();
});

test('one notebook with two set_experiment calls shows the runs of both', async ({
  lab
}) => {
  lab.write('two.ipynb', [
    `import mlflow
mlflow.set_experiment('one')
with mlflow.start_run(run_name='in one'): mlflow.log_metric('score', 1)`,
    `mlflow.set_experiment('two')
with mlflow.start_run(run_name='in two'): mlflow.log_metric('score', 2)`
  ]);
  await lab.open('two.ipynb');
  await lab.openPanel();
  await lab.runCell(0);
  await lab.runCell(1);
  await expect(lab.rows).toHaveCount(2);
  await expect(lab.row('in one')).toBeVisible();
  await expect(lab.row('in two')).toBeVisible();
});

test('the example cell is inserted, not run, and runs', async ({ lab }) => {
  lab.write('example.ipynb', ['1 + 1']);
  await lab.open('example.ipynb');
  await lab.openPanel();
  await lab.panel.getByText('Insert an example cell').click();
  await expect(lab.cell(1)).toContainText('%%run example');
  await expect(lab.rows).toHaveCount(0);
  await lab.runCell(1);
  await expect(lab.row('example')).toHaveAttribute('aria-label', /finished/i);
});
