import { expect, test } from '../support/lab';

const MODEL = `%%run network
import mlflow
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
X, y = load_iris(return_X_y=True)
model = LogisticRegression(max_iter=200).fit(X, y)
mlflow.log_metric('val_accuracy', model.score(X, y))
mlflow.sklearn.log_model(model, name='iris', input_example=X[:2], serialization_format='cloudpickle')`;

test('a model is registered by two keys, then at once with undo, and its code loads it', async ({
  lab,
  page
}) => {
  lab.write('models.ipynb', [MODEL]);
  await lab.open('models.ipynb');
  await lab.openPanel();
  await lab.runCell(0);
  await expect(lab.row('network')).toHaveAttribute('aria-label', /finished/i);
  await lab.rows.first().click();
  await page.keyboard.press('r');
  const dialog = page.locator('.jp-Dialog');
  await expect(dialog).toContainText('Register model');
  await expect(dialog).toContainText('Becomes version 1');
  const name = dialog.locator('input').first();
  await expect(name).toHaveValue('iris');
  await expect(name).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(lab.rows.first()).toContainText('v1');

  await lab.runCell(0);
  await expect(lab.rows).toHaveCount(2);
  await expect(lab.rows.first()).toHaveAttribute('aria-label', /finished/i);
  await lab.rows.first().click();
  await page.keyboard.press('r');
  const toast = page.locator('.Toastify__toast', {
    hasText: 'Registered iris v2'
  });
  await expect(toast).toBeVisible();
  await expect(lab.rows.first()).toContainText('v2');
  await toast.getByRole('button', { name: 'Undo' }).click();
  await expect(lab.rows.first()).not.toContainText('v2');

  await lab.rows.first().click();
  await lab.command('experiments:insert-code', { snippet: 'loadModel' });
  await expect(lab.cell(1)).toContainText(
    'mlflow.pyfunc.load_model("models:/m-'
  );
  await lab.runCell(1);
  await expect(lab.output(1).filter({ hasText: 'Traceback' })).toHaveCount(0);
});

test('a run without a model says so', async ({ lab, page }) => {
  lab.write('none.ipynb', [
    `%%run bare\nimport mlflow\nmlflow.log_metric('a', 1)`
  ]);
  await lab.open('none.ipynb');
  await lab.openPanel();
  await lab.runCell(0);
  await lab.rows.first().click();
  await page.keyboard.press('r');
  await expect(page.locator('body')).toContainText(
    'This run has no model. Log one, or turn on autologging.'
  );
});
