import { expect, test } from '../support/lab';
import { asObject, Store } from '../support/store';

const RIDGE = `%%run ridge -p alpha=0.3
import mlflow
mlflow.log_metric('score', alpha * 2)`;

test('a cell under %%run is a run, with a card of one line under it', async ({
  lab,
  server
}) => {
  lab.write('ridge.ipynb', [RIDGE]);
  await lab.open('ridge.ipynb');
  await lab.openPanel();
  await lab.runCell(0);
  await expect(lab.row('ridge')).toHaveAttribute('aria-label', /finished/i);
  const card = lab.cell(0).locator('.jp-Experiments-runCard');
  await expect(card).toContainText('ridge');
  await expect(card).toContainText('alpha');
  const [run] = await new Store(server).runs();
  expect(asObject(run.data.params)).toMatchObject({ alpha: '0.3' });
  expect(asObject(run.data.metrics).score).toBeCloseTo(0.6);
});

test('a cell that raises marks its run failed, shows one traceback, and Run All stops there', async ({
  lab,
  server
}) => {
  lab.write('fails.ipynb', [
    `%%run fails
1 / 0`,
    `print('reached')`
  ]);
  await lab.open('fails.ipynb');
  await lab.openPanel();
  await lab.command('notebook:run-all-cells');
  await expect(lab.row('fails')).toHaveAttribute('aria-label', /failed/i);
  await expect(
    lab.output(0).filter({ hasText: 'Traceback (most recent call last)' })
  ).toHaveCount(1);
  await expect(lab.cell(1)).not.toContainText(/^reached/);
  await expect(lab.cell(1).locator('.jp-InputPrompt').first()).toHaveText(
    '[ ]:'
  );
  await lab.row('fails').click();
  await expect(lab.panel).toContainText('ZeroDivisionError: division by zero');
  const [run] = await new Store(server).runs();
  expect(run.info.status).toBe('FAILED');
});

test('interrupting a cell marks its run stopped', async ({ lab, server }) => {
  lab.write('stop.ipynb', [
    `%%run endless
import mlflow, time
for step in range(10000):
    mlflow.log_metric('step', step, step=step)
    time.sleep(0.05)`
  ]);
  await lab.open('stop.ipynb');
  await lab.openPanel();
  await lab.runCell(0, { wait: false });
  await expect(lab.row('endless')).toHaveAttribute('aria-label', /running/i);
  await lab.command('notebook:interrupt-kernel');
  await lab.cellDone(0);
  await expect(lab.row('endless')).toHaveAttribute('aria-label', /stopped/i);
  await expect(
    lab.output(0).filter({ hasText: 'KeyboardInterrupt' })
  ).toHaveCount(1);
  const [run] = await new Store(server).runs();
  expect(run.info.status).toBe('KILLED');
});

test('Restart and Run All ties a first cell under %%run, each time', async ({
  lab,
  server
}) => {
  lab.write('again.ipynb', [RIDGE, `print('end')`]);
  await lab.open('again.ipynb');
  await lab.openPanel();
  for (const count of [1, 2]) {
    const restarted = lab.command('notebook:restart-run-all');
    await lab.page
      .locator('.jp-Dialog .jp-mod-accept')
      .click({ timeout: 10_000 });
    await restarted;
    await expect(lab.rows).toHaveCount(count);
    await expect(lab.output(1)).toHaveText(/end/);
  }
  for (const run of await new Store(server).runs()) {
    expect(asObject(run.data.tags)).toMatchObject({
      'jupyter.cell_id': 'cell-0',
      'mlflow.source.name': 'again.ipynb'
    });
  }
});

test('%runs gives a DataFrame, best first', async ({ lab }) => {
  lab.write('best.ipynb', [
    `import mlflow
for n in (1, 3, 2):
    with mlflow.start_run(run_name=f'run {n}'):
        mlflow.log_metric('val_accuracy', n / 10)`,
    `table = %runs --best val_accuracy
print(type(table).__name__, list(table['tags.mlflow.runName']))`
  ]);
  await lab.open('best.ipynb');
  await lab.runCell(0);
  await lab.runCell(1);
  await expect(lab.output(1)).toContainText(
    "DataFrame ['run 3', 'run 2', 'run 1']"
  );
});
