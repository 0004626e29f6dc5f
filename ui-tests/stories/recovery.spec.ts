import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '../support/lab';
import { until } from '../support/server';
import { Store } from '../support/store';

/** Process ids of the tracking servers of one JupyterLab. */
function trackingServers(folder: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter(pid => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return (
          command.includes('jupyterlab_experiments.tracking_server') &&
          command.includes(folder)
        );
      } catch {
        return false;
      }
    });
}

test('the panel recovers by itself when the tracking server is killed', async ({
  lab,
  server
}) => {
  lab.write('k.ipynb', [
    `%%run here
import mlflow
mlflow.log_metric('score', 1)`
  ]);
  await lab.open('k.ipynb');
  await lab.openPanel();
  await lab.runCell(0);
  await expect(lab.row('here')).toBeVisible();
  const store = new Store(server);
  await store.runs();
  const [before] = trackingServers(server.folder);
  expect(before).toBeGreaterThan(0);
  process.kill(before, 'SIGKILL');
  // A question that was on its way to it is told to have failed.
  await until('another tracking server', async () =>
    (await store.experiments()).has('0')
  );
  await store.post('runs/create', {
    experiment_id: '0',
    run_name: 'after the kill',
    start_time: Date.now(),
    tags: [{ key: 'jupyter.notebook_path', value: 'k.ipynb' }]
  });
  await expect(lab.row('after the kill')).toBeVisible({ timeout: 60_000 });
  await expect(lab.row('here')).toBeVisible();
  await expect(lab.panel.locator('.jp-Experiments-banner')).toHaveCount(0);
  const [after] = trackingServers(server.folder);
  expect(after).not.toBe(before);
});
