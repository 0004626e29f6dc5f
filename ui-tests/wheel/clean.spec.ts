import { execFileSync } from 'node:child_process';
import { expect, test } from '../support/lab';

test('the wheel alone, without Node, shows the panel and a run', async ({
  lab,
  server
}) => {
  const found = execFileSync(
    `${server.environment}/bin/python`,
    [
      '-c',
      "import shutil; print(shutil.which('node', path='" +
        `${server.environment}/bin` +
        "'))"
    ],
    { encoding: 'utf-8' }
  );
  expect(found.trim()).toBe('None');
  lab.write('clean.ipynb', [
    `%%run first -p alpha=1
import mlflow
mlflow.log_metric('score', alpha)`
  ]);
  await lab.open('clean.ipynb');
  await lab.openPanel();
  await expect(lab.panel).toContainText('No runs in clean.ipynb yet.');
  await lab.runCell(0);
  await expect(lab.row('first')).toHaveAttribute('aria-label', /finished/i);
});
