import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Lab } from '../support/lab';

const OUT = process.env.PICTURES_FOLDER ?? join(__dirname, '..', 'screenshots');

const NETWORK = (
  rate: number,
  accuracy: number
) => `%%run network --no-autolog -p learning_rate=${rate} -p units=32
import mlflow, math
for step in range(40):
    mlflow.log_metrics({'val_accuracy': ${accuracy} * (1 - math.exp(-step / 6)), 'val_loss': math.exp(-step * learning_rate)}, step=step)`;

const SWEEP = `%%run sweep
import mlflow
for units in (16, 32, 64):
    with mlflow.start_run(run_name=f'{units} units', nested=True):
        mlflow.log_param('units', units)
        mlflow.log_metric('val_accuracy', 0.95 + units / 3000)`;

const FAILS = `%%run network -p learning_rate=9
1 / 0`;

const MODEL = `%%run with-model -p C=0.1
import mlflow
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
X, y = load_iris(return_X_y=True)
model = LogisticRegression(C=C, max_iter=200).fit(X, y)
mlflow.log_metrics({'val_accuracy': model.score(X, y), 'val_loss': 0.2})
mlflow.sklearn.log_model(model, name='digits', input_example=X[:2], serialization_format='cloudpickle')`;

async function fill(lab: Lab): Promise<void> {
  lab.write('quickstart.ipynb', [MODEL, SWEEP, NETWORK(0.0003, 0.93)]);
  await lab.open('quickstart.ipynb');
  await lab.openPanel();
  await lab.runCell(0);
  await lab.runCell(1);
  await lab.runCell(2);
  await expect(lab.rows).toHaveCount(6);
  for (const cell of [FAILS, NETWORK(0.003, 0.976)]) {
    const count = await lab.rows.count();
    await lab.typeCell(2, cell);
    await lab.runCell(2);
    await expect(lab.rows).toHaveCount(count + 1);
  }
  await expect(lab.row('with-model')).toHaveAttribute(
    'aria-label',
    /finished/i
  );
}

test('pictures of the panel, light and dark, narrow and wide', async ({
  lab,
  page
}) => {
  mkdirSync(OUT, { recursive: true });
  await fill(lab);
  await lab.row('network').first().click();
  await page.screenshot({ path: join(OUT, 'panel.png') });
  await lab.panel.screenshot({ path: join(OUT, 'panel-light.png') });
  for (const width of [250, 320, 480]) {
    await resizePanel(lab, width);
    await lab.panel.screenshot({
      path: join(OUT, `panel-light-${width}.png`)
    });
  }
  await lab.command('apputils:change-theme', { theme: 'JupyterLab Dark' });
  await expect(page.locator('body')).toHaveAttribute(
    'data-jp-theme-light',
    'false'
  );
  for (const width of [320, 480]) {
    await resizePanel(lab, width);
    await lab.panel.screenshot({ path: join(OUT, `panel-dark-${width}.png`) });
  }
  await lab.command('apputils:change-theme', { theme: 'JupyterLab Light' });
  await lab.row('network').first().click();
  await page.keyboard.press('Enter');
  await expect(page.locator('.jp-Experiments-runPage')).toBeVisible();
  await page.screenshot({ path: join(OUT, 'run.png') });
  await lab.row('with-model').click();
  await page.keyboard.press('r');
  await expect(page.locator('.jp-Dialog')).toBeVisible();
  await page.screenshot({ path: join(OUT, 'register.png') });
});

/** Drag the right bar's handle until the panel has this width. */
async function resizePanel(lab: Lab, width: number): Promise<void> {
  const { page } = lab;
  const box = (await lab.panel.boundingBox())!;
  const y = box.y + 200;
  await page.mouse.move(box.x - 2, y);
  await page.mouse.down();
  await page.mouse.move(box.x - 2 - (width - box.width), y, { steps: 5 });
  await page.mouse.up();
}
