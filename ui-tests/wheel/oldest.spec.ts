import { expect, test } from '../support/lab';

const CELL = `%%run first -p alpha=1
import mlflow
mlflow.log_metric('score', alpha)`;

test('the wheel works in JupyterLab 4.2', async ({ lab, page }) => {
  lab.write('lab.ipynb', [CELL]);
  await lab.open('lab.ipynb');
  await lab.openPanel();
  await lab.runCell(0);
  await expect(lab.row('first')).toHaveAttribute('aria-label', /finished/i);
  await lab.rows.first().click();
  await page.keyboard.press('Enter');
  await expect(page.locator('.jp-Experiments-runPage')).toContainText('score');
});

test.describe('in Notebook 7', () => {
  test.use({ serverOptions: { application: 'notebook' } });
  test('the panel stands in the right sidebar', async ({
    lab,
    page,
    server
  }) => {
    lab.write('classic.ipynb', [CELL]);
    await page.goto(
      `${server.url}/notebooks/classic.ipynb?token=${server.token}`
    );
    await lab.ready();
    await lab.openPanel();
    await expect(page.locator('.jp-Notebook .jp-Cell')).toHaveCount(1);
    await lab.kernelIdle();
    await lab.runCell(0);
    await expect(lab.row('first')).toHaveAttribute('aria-label', /finished/i);
  });
});
