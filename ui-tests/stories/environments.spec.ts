import { expect, test } from '../support/lab';
import { asObject, Store } from '../support/store';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Make a kernelspec in the server's own data folder. */
function kernelspec(
  server: { folder: string },
  name: string,
  spec: Record<string, unknown>
): void {
  const folder = join(server.folder, 'data', 'kernels', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'kernel.json'),
    JSON.stringify({ display_name: name, language: 'python', ...spec })
  );
}

test('a kernel of another environment, with another MLflow and without our package, is tied all the same', async ({
  lab,
  server
}) => {
  const second = process.env.SECOND_ENVIRONMENT;
  expect(second, 'SECOND_ENVIRONMENT names an environment').toBeTruthy();
  kernelspec(server, 'second', {
    argv: [
      `${second}/bin/python`,
      '-m',
      'ipykernel_launcher',
      '-f',
      '{connection_file}'
    ]
  });
  lab.write(
    'other.ipynb',
    [
      `%%run other -p alpha=0.5
import mlflow
mlflow.log_metric('score', alpha)
print(mlflow.__version__)`,
      `import mlflow
with mlflow.start_run(run_name='plain'): mlflow.log_metric('score', 2)`
    ],
    'second'
  );
  await lab.open('other.ipynb');
  await lab.openPanel();
  await lab.runCell(0);
  await expect(lab.output(0).first()).toContainText('2.9.2');
  await expect(lab.row('other')).toHaveAttribute('aria-label', /finished/i);
  await expect(lab.cell(0).locator('.jp-Experiments-runCard')).toContainText(
    'other'
  );
  await lab.runCell(1);
  await expect(lab.rows).toHaveCount(2);
  const [plain] = await new Store(server).runs();
  expect(asObject(plain.data.tags)).toMatchObject({
    'mlflow.source.name': 'other.ipynb',
    'jupyter.cell_id': 'cell-1'
  });
});

test('a kernel without MLflow is told how to install it', async ({
  lab,
  server
}) => {
  const block = join(server.folder, 'nomlflow');
  mkdirSync(block, { recursive: true });
  writeFileSync(
    join(block, 'sitecustomize.py'),
    `import sys
class _Hidden:
    def find_spec(self, name, path=None, target=None):
        if name == 'mlflow' or name.startswith('mlflow.'):
            raise ModuleNotFoundError("No module named 'mlflow'", name='mlflow')
sys.meta_path.insert(0, _Hidden())
`
  );
  kernelspec(server, 'bare', {
    argv: [
      `${server.environment}/bin/python`,
      '-m',
      'ipykernel_launcher',
      '-f',
      '{connection_file}'
    ],
    env: { PYTHONPATH: block }
  });
  lab.write('bare.ipynb', ['%%run try\n1 + 1'], 'bare');
  await lab.open('bare.ipynb');
  await lab.openPanel();
  await lab.runCell(0);
  await expect(lab.output(0).first()).toContainText('%pip install mlflow');
  await expect(lab.panel).toContainText('This kernel has no MLflow');
});

test('a kernel that is not Python works as ever, and the panel shows the runs of its notebook', async ({
  lab,
  server
}) => {
  kernelspec(server, 'shell', {
    language: 'bash',
    argv: [
      `${server.environment}/bin/python`,
      '-m',
      'bash_kernel',
      '-f',
      '{connection_file}'
    ]
  });
  const store = new Store(server);
  await store.post('runs/create', {
    experiment_id: '0',
    run_name: 'by a script',
    tags: [{ key: 'jupyter.notebook_path', value: 'shell.ipynb' }]
  });
  lab.write('shell.ipynb', ['echo "it is $((20 + 3))"'], 'shell');
  await lab.open('shell.ipynb');
  await lab.openPanel();
  await expect(lab.row('by a script')).toBeVisible();
  await expect(lab.panel).toContainText('needs a Python kernel');
  await lab.runCell(0);
  await expect(lab.output(0)).toHaveText('it is 23');
});

test('a notebook that sets a tracking URI of its own takes the panel with it', async ({
  lab
}) => {
  lab.write('deep/own.ipynb', [
    `import mlflow
mlflow.set_tracking_uri('sqlite:///mlflow.db')
with mlflow.start_run(run_name='in its own store'):
    mlflow.log_metric('score', 1)`
  ]);
  await lab.open('deep/own.ipynb');
  await lab.openPanel();
  await lab.runCell(0);
  await expect(lab.row('in its own store')).toBeVisible({ timeout: 60_000 });
  await expect(lab.panel).toContainText('deep/mlflow.db');
});

test('names and values with quotes, slashes, HTML, emoji and NaN pass unharmed', async ({
  lab,
  server
}) => {
  const name = `a/b "c" 'd' <img src=x onerror=alert(1)> 🌍 שלום`;
  lab.write('odd.ipynb', [
    `import mlflow, math
with mlflow.start_run(run_name=${JSON.stringify(name)}):
    mlflow.log_param('p/ q', ${JSON.stringify(name)})
    mlflow.log_metric('nan', math.nan)
    mlflow.log_metric('inf', math.inf)
    mlflow.log_metric('-inf', -math.inf)`
  ]);
  await lab.open('odd.ipynb');
  await lab.openPanel();
  await lab.runCell(0);
  await expect(lab.rows).toHaveCount(1);
  await expect(lab.rows.first()).toContainText(name.slice(0, 12));
  await lab.rows.first().click();
  await expect(lab.panel.locator('img[src=x]')).toHaveCount(0);
  const [run] = await new Store(server).runs();
  expect(run.info.run_name).toBe(name);
  expect(asObject(run.data.params)).toEqual({ 'p/ q': name });
  await lab.page.keyboard.press('Enter');
  const tab = lab.page.locator('.jp-Experiments-runPage');
  await expect(tab).toContainText('NaN');
  await expect(tab).toContainText('∞');
  await expect(tab).toContainText('-∞');
  await expect(tab).toContainText(name);
});

test.describe('without the server part', () => {
  test.use({
    serverOptions: {
      args: [
        "--ServerApp.jpserver_extensions={'jupyterlab_experiments': False}"
      ]
    }
  });
  test('the panel says what is missing, and the notebook works', async ({
    lab
  }) => {
    lab.write('alone.ipynb', [`print('works')`]);
    await lab.open('alone.ipynb');
    await lab.openPanel();
    await expect(lab.panel).toContainText('The server part is missing');
    await lab.runCell(0);
    await expect(lab.output(0)).toContainText('works');
  });
});
