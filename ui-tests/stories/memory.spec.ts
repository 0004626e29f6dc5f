import { expect, Lab, test, writeNotebook } from '../support/lab';
import { connectionState, Store } from '../support/store';
import { join } from 'node:path';

const LOGGED = `import mlflow
with mlflow.start_run(run_name='kept'): mlflow.log_metric('score', 1)`;

test('runs stay with a notebook that is renamed, restarted and opened again, before the store is asked', async ({
  lab,
  server,
  page
}) => {
  lab.write('before.ipynb', [LOGGED]);
  await lab.open('before.ipynb');
  await lab.openPanel();
  await lab.runCell(0);
  await expect(lab.row('kept')).toBeVisible();
  await lab.command('docmanager:save');

  await page.evaluate(async () => {
    const app = (
      window as unknown as {
        jupyterapp: {
          serviceManager: {
            contents: { rename(a: string, b: string): Promise<unknown> };
          };
        };
      }
    ).jupyterapp;
    await app.serviceManager.contents.rename('before.ipynb', 'after.ipynb');
  });
  await expect(
    page.locator('.lm-TabBar-tabLabel', { hasText: 'after.ipynb' }).first()
  ).toBeVisible();
  await lab.command('docmanager:save');
  await expect(lab.row('kept')).toBeVisible();
  // The next run goes to the same experiment, which bears the new name.
  await lab.runCell(0);
  await expect(lab.rows).toHaveCount(2);
  const names = [...(await new Store(server).experiments()).values()];
  expect(names).toContain('after');
  expect(names).not.toContain('before');

  await lab.command('experiments:refresh-runs');

  await page.close();
  await server.stop();
  await server.start();
  const fresh = await page.context().newPage();
  const again = new Lab(fresh, server);
  // Rows must come from the page's own memory: the store is not started, and asking it is held back.
  let release = (): void => undefined;
  const held = new Promise<void>(resolve => (release = resolve));
  await fresh.route('**/jupyterlab-experiments/connections/**', async route => {
    await held;
    await route.continue();
  });
  await fresh.goto(`${server.url}/lab/tree/after.ipynb?token=${server.token}`);
  await again.ready();
  await again.openPanel();
  await expect(again.rows).toHaveCount(2);
  expect(await connectionState(server)).toBe('idle');
  release();
  await expect(again.rows).toHaveCount(2);
});

test('a copied notebook gets an identity of its own', async ({
  lab,
  server
}) => {
  lab.write('original.ipynb', [LOGGED]);
  await lab.open('original.ipynb');
  await lab.openPanel();
  await lab.runCell(0);
  await expect(lab.rows).toHaveCount(1);
  await lab.command('docmanager:save');
  const answer = await server.fetch('api/contents/original.ipynb');
  const original = (await answer.json()) as {
    content: { metadata: { experiments?: { notebook_id?: string } } };
  };
  const id = original.content.metadata.experiments?.notebook_id;
  expect(id).toMatch(/^[0-9a-f-]{36}$/);

  writeNotebook(join(server.root, 'copy.ipynb'), [LOGGED], {
    metadata: original.content.metadata
  });
  await lab.command('docmanager:open', { path: 'copy.ipynb' });
  await lab.kernelIdle();
  await expect(lab.panel).toContainText('No runs in copy.ipynb yet.');
  await lab.runCell(0);
  await expect(lab.rows).toHaveCount(1);
  const ids = new Set(
    (await new Store(server).runs()).map(
      run =>
        run.data.tags?.find(tag => tag.key === 'jupyter.notebook_id')?.value
    )
  );
  expect(ids.size).toBe(2);
});

test('two notebooks never show each other’s runs, and the panel follows the active one', async ({
  lab
}) => {
  lab.write('left.ipynb', [
    `import mlflow
with mlflow.start_run(run_name='of left'): pass`
  ]);
  lab.write('right.ipynb', [
    `import mlflow
with mlflow.start_run(run_name='of right'): pass`
  ]);
  await lab.open('left.ipynb');
  await lab.openPanel();
  await lab.runCell(0);
  await expect(lab.row('of left')).toBeVisible();
  await lab.command('docmanager:open', { path: 'right.ipynb' });
  await lab.kernelIdle();
  await expect(lab.rows).toHaveCount(0);
  await lab.runCell(0);
  await expect(lab.rows).toHaveCount(1);
  await expect(lab.row('of right')).toBeVisible();
  await lab.command('docmanager:open', { path: 'left.ipynb' });
  await expect(lab.row('of left')).toBeVisible();
  await expect(lab.rows).toHaveCount(1);
});

test('a page reloaded while a cell works shows the run go on and end', async ({
  lab,
  page
}) => {
  lab.write('long.ipynb', [
    `%%run long
import mlflow, time
for step in range(150):
    mlflow.log_metric('loss', 1 / (step + 1), step=step)
    time.sleep(0.1)`
  ]);
  await lab.open('long.ipynb');
  await lab.openPanel();
  await lab.runCell(0, { wait: false });
  await expect(lab.row('long')).toHaveAttribute('aria-label', /running/i);
  await page.reload();
  await lab.ready();
  await lab.openPanel();
  const row = lab.row('long');
  await expect(row).toHaveAttribute('aria-label', /running/i);
  const first = await row.innerText();
  await expect(row).not.toHaveText(first);
  await expect(row).toHaveAttribute('aria-label', /finished/i, {
    timeout: 60_000
  });
});

test('a thousand runs are shown from the page’s own memory, before the store’s server is started', async ({
  lab,
  server,
  page
}) => {
  lab.write('many.ipynb', [
    `import mlflow
client = mlflow.MlflowClient()
with mlflow.start_run(run_name='first') as run: pass
for n in range(999):
    client.create_run(run.info.experiment_id, run_name=f'run {n}')`
  ]);
  await lab.open('many.ipynb');
  await lab.openPanel();
  await lab.runCell(0);
  await lab.command('docmanager:save');
  await lab.command('experiments:refresh-runs');
  await expect(lab.grid).toHaveAttribute('aria-rowcount', '1001');
  await page.close();
  await server.stop();
  await server.start();

  const fresh = new Lab(await page.context().newPage(), server);
  // Nothing that is asked of the store is answered.
  await fresh.page.route('**/connections/default/**', () => undefined);
  await fresh.page.goto(
    `${server.url}/lab/tree/many.ipynb?token=${server.token}`
  );
  await fresh.ready();
  await fresh.openPanel();
  await expect(fresh.grid).toHaveAttribute('aria-rowcount', '1001');
  expect(await fresh.rows.count()).toBeLessThan(100);
  expect(await connectionState(server)).toBe('idle');
});
