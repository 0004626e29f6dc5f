import { expect, test } from '../support/lab';

const TRAIN = (rate: number) => `%%run network -p learning_rate=${rate}
import mlflow
mlflow.log_metrics({'val_accuracy': learning_rate * 100, 'val_loss': 1 - learning_rate})
mlflow.set_tag('data', 'digits')`;

test('a click shows what a run is and what changed since the one before', async ({
  lab
}) => {
  lab.write('details.ipynb', [TRAIN(0.0003)]);
  await lab.open('details.ipynb');
  await lab.openPanel();
  await lab.runCell(0);
  await expect(lab.rows).toHaveCount(1);
  await lab.typeCell(0, TRAIN(0.003));
  await lab.runCell(0);
  await expect(lab.rows).toHaveCount(2);
  await lab.rows.first().click();
  await expect(lab.notebook).toBeVisible();
  await expect(lab.panel).toContainText('learning_rate');
  await expect(lab.panel).toContainText(/0\.0003\s*→\s*0\.003/);
  await expect(lab.panel).toContainText('better');
  await expect(lab.panel).toContainText('Register model');
  await expect(
    lab.panel.getByRole('button', { name: 'Compare with before' })
  ).toBeVisible();
});

test('Enter opens the run’s page beside the notebook, which stays', async ({
  lab,
  page
}) => {
  lab.write('page.ipynb', [TRAIN(0.003)]);
  await lab.open('page.ipynb');
  await lab.openPanel();
  await lab.runCell(0);
  await lab.rows.first().click();
  await page.keyboard.press('Enter');
  const tab = page.locator('.jp-Experiments-runPage');
  await expect(tab).toBeVisible();
  await expect(tab).toContainText('network');
  await expect(tab).toContainText('val_accuracy');
  await expect(tab).toContainText('learning_rate');
  await expect(lab.notebook).toBeVisible();
});

test('a run shows its cell, and the cell’s badge leads back to its latest run', async ({
  lab
}) => {
  lab.write('badge.ipynb', ['1 + 1', TRAIN(0.003)]);
  await lab.open('badge.ipynb');
  await lab.openPanel();
  await lab.runCell(1);
  await expect(lab.rows).toHaveCount(1);
  await lab.selectCell(0);
  await lab.rows.first().click();
  await lab.command('experiments:show-cell', {});
  await expect(lab.cell(1)).toHaveClass(/jp-Experiments-litCell/);
  const badge = lab.cell(1).locator('.jp-Experiments-cellBadge');
  await expect(badge).toContainText('1 run');
  await expect(lab.cell(0).locator('.jp-Experiments-cellBadge')).toHaveCount(0);
  await lab.rows.first().press('Escape');
  await badge.click();
  await expect(lab.rows.first()).toHaveAttribute('aria-selected', 'true');
  await lab.typeCell(1, TRAIN(0.01));
  await expect(badge).toContainText('edited since');
});

test('two checked runs give a table of what differs', async ({ lab, page }) => {
  lab.write('compare.ipynb', [TRAIN(0.0003), TRAIN(0.003)]);
  await lab.open('compare.ipynb');
  await lab.openPanel();
  await lab.runCell(0);
  await lab.runCell(1);
  await expect(lab.rows).toHaveCount(2);
  await lab.rows.nth(0).click();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await expect(lab.panel).toContainText('2 selected');
  await page.keyboard.press('c');
  const tab = page.locator('.jp-Experiments-comparePage');
  await expect(tab).toBeVisible();
  await expect(tab).toContainText('learning_rate');
  await expect(tab).toContainText('0.0003');
  await expect(tab).toContainText('0.003');
});
