import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { expect, test, type Lab } from '../support/lab';
import { makeStore } from '../support/mlflowstore';

const PASSWORD = 's3cret-and-long';

/** The part of the where-line that says where runs go. */
const chip = (lab: Lab): Locator =>
  lab.panel.locator('.jp-Experiments-connection');
const banner = (lab: Lab): Locator =>
  lab.panel.locator('.jp-Experiments-banner');
const menuItem = (lab: Lab, name: string | RegExp): Locator =>
  lab.page
    .getByRole('menuitem', { name })
    .or(lab.page.getByRole('menuitemcheckbox', { name }));
const dialog = (lab: Lab): Locator => lab.page.getByRole('dialog');

async function openForm(lab: Lab): Promise<void> {
  await chip(lab).click();
  await menuItem(lab, 'Add a connection…').click();
  await expect(dialog(lab).getByLabel('Tracking URI')).toBeFocused();
}

/** All that the browser keeps, as text. */
async function kept(lab: Lab): Promise<string> {
  return lab.page.evaluate(async () => {
    const texts = [JSON.stringify(localStorage), document.body.innerHTML];
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name ?? '');
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      for (const store of database.objectStoreNames) {
        const rows = await new Promise<unknown[]>((resolve, reject) => {
          const all = database.transaction(store).objectStore(store).getAll();
          all.onsuccess = () => resolve(all.result);
          all.onerror = () => reject(all.error);
        });
        texts.push(JSON.stringify(rows));
      }
      database.close();
    }
    return texts.join('\n');
  });
}

const RUN = `%%run here
import mlflow
mlflow.log_metric('score', 1)`;

test('a connection is tried, added and used; runs go there, and taking it away can be undone', async ({
  lab,
  server
}) => {
  lab.write('a.ipynb', [RUN]);
  await lab.open('a.ipynb');
  await lab.openPanel();
  await expect(chip(lab)).toHaveText('local · mlflow.db');
  await expect(chip(lab)).toHaveAttribute('title', /local · mlflow\.db: /);

  await openForm(lab);
  const uri = dialog(lab).getByLabel('Tracking URI');
  await uri.fill('http://no-such-host.invalid');
  await dialog(lab).getByRole('button', { name: 'Test' }).click();
  await expect(dialog(lab).getByRole('status')).toContainText(
    'no-such-host.invalid'
  );
  await expect(
    dialog(lab).getByRole('img', { name: 'It does not work' })
  ).toBeVisible();
  await expect(uri).toHaveValue('http://no-such-host.invalid');

  await uri.fill(`sqlite:///${server.root}/other.db`);
  await dialog(lab).getByLabel('Name').fill('mine');
  await lab.page.keyboard.press('Enter');
  await expect(dialog(lab)).toHaveCount(0);
  await expect(chip(lab)).toHaveText('mine · other.db');
  await lab.runCell(0);
  await expect(lab.row('here')).toHaveAttribute('aria-label', /finished/i);
  await chip(lab).click();
  await expect(menuItem(lab, /^mine · other\.db \(/)).toBeChecked();
  await menuItem(lab, /^Remove mine/).click();
  await expect(chip(lab)).toHaveText('local · mlflow.db');
  await expect(lab.rows).toHaveCount(0);
  await lab.page.getByRole('button', { name: 'Undo' }).click();
  await expect(chip(lab)).toContainText('mine');
  await expect(lab.row('here')).toBeVisible();
});

test('a password that was typed is not kept by the browser nor shown again', async ({
  lab
}) => {
  lab.write('a.ipynb', ['1']);
  await lab.open('a.ipynb');
  await lab.openPanel();
  const answers: string[] = [];
  lab.page.on('response', async response => {
    if (response.url().includes('/jupyterlab-experiments/')) {
      answers.push(await response.text().catch(() => ''));
    }
  });
  await openForm(lab);
  await dialog(lab)
    .getByLabel('Tracking URI')
    .fill(`http://ana:${PASSWORD}@127.0.0.1:9`);
  await expect(dialog(lab)).toContainText('readable only by you');
  await dialog(lab).getByLabel('Name').fill('team');
  await expect(dialog(lab).getByLabel('Tracking URI')).toHaveAttribute(
    'type',
    'password'
  );
  await lab.page.keyboard.press('Enter');
  await expect(dialog(lab)).toHaveCount(0);
  await expect(chip(lab)).toContainText('team');
  await expect(banner(lab)).toContainText('does not answer');
  await expect(banner(lab)).toContainText(/Next try in \d+ s\./);
  expect(await kept(lab)).not.toContain(PASSWORD);
  expect(answers.join('\n')).not.toContain(PASSWORD);
});

test('a store that lies beside the notebook is offered, and stays chosen after a reload', async ({
  lab,
  server
}) => {
  const folder = join(server.root, 'deep');
  const uri = `sqlite:///${folder}/mlflow.db`;
  makeStore(server.environment, { folder, uri, run: 'from-a-script' });
  lab.write('deep/a.ipynb', ['1']);
  lab.write('deep/b.ipynb', ['1']);
  await lab.open('deep/a.ipynb');
  await lab.openPanel();
  await expect(banner(lab)).toContainText(
    'mlflow.db lies beside this notebook. Show its runs?'
  );
  await banner(lab).getByRole('button', { name: 'Show' }).click();
  await expect(chip(lab)).toContainText('deep/mlflow.db');
  await lab.panel.getByRole('button', { name: /^This notebook/ }).click();
  await menuItem(lab, 'All experiments').click();
  await expect(lab.row('from-a-script')).toBeVisible();
  await expect(banner(lab)).toHaveCount(0);
  await lab.page.reload();
  await lab.ready();
  await lab.openPanel();
  await expect(chip(lab)).toContainText('deep/mlflow.db');

  await lab.command('docmanager:open', { path: 'deep/b.ipynb' });
  await expect(banner(lab)).toContainText('lies beside this notebook');
  await banner(lab).getByRole('button', { name: 'Not now' }).click();
  await expect(banner(lab)).toHaveCount(0);
  await lab.command('docmanager:open', { path: 'deep/a.ipynb' });
  await expect(chip(lab)).toContainText('deep/mlflow.db');
  await lab.command('docmanager:open', { path: 'deep/b.ipynb' });
  await expect(chip(lab)).toHaveText('local · mlflow.db');
  await expect(banner(lab)).toHaveCount(0);
});

test('a database of an older MLflow is upgraded after a backup, when that is asked for', async ({
  lab,
  server
}) => {
  const older = process.env.SECOND_ENVIRONMENT ?? '';
  const uri = `sqlite:///${server.root}/mlflow.db`;
  makeStore(older, { folder: server.root, uri, run: 'old' });
  lab.write('a.ipynb', ['1']);
  await lab.open('a.ipynb');
  await lab.openPanel();
  await expect(banner(lab)).toContainText(
    /mlflow\.db was written by another MLflow \(this one is \d+\.\d+\.\d+\)\. Nothing was changed\./
  );
  await banner(lab).getByRole('button', { name: 'Use another Python' }).click();
  await expect(dialog(lab)).toContainText('tracking_server_pythons');
  await dialog(lab).getByRole('button', { name: 'Close' }).click();
  await banner(lab)
    .getByRole('button', { name: 'Back up and upgrade…' })
    .click();
  await expect(dialog(lab)).toContainText('.backup');
  await dialog(lab)
    .getByRole('button', { name: 'Back up and upgrade' })
    .click();
  await expect(banner(lab)).toContainText('mlflow.db was upgraded.', {
    timeout: 90_000
  });
  await banner(lab).getByRole('button', { name: 'Close' }).click();
  await lab.panel.getByRole('button', { name: /^This notebook/ }).click();
  await menuItem(lab, 'All experiments').click();
  await expect(lab.row('old')).toBeVisible();
});

test('runs in a folder of files are copied into a database, and the folder stays', async ({
  lab,
  server
}) => {
  const older = process.env.SECOND_ENVIRONMENT ?? '';
  const uri = `${server.root}/mlruns`;
  makeStore(older, { folder: server.root, uri, run: 'from-files' });
  lab.write('a.ipynb', ['1']);
  await lab.open('a.ipynb');
  await lab.openPanel();
  await expect(banner(lab)).toContainText('mlruns lies beside this notebook.');
  await banner(lab).getByRole('button', { name: 'Show' }).click();
  await expect(banner(lab)).toContainText(
    'The runs in mlruns can be copied into mlflow.db; the folder stays as it is.'
  );
  await banner(lab).getByRole('button', { name: 'Copy them…' }).click();
  await dialog(lab).getByRole('button', { name: 'Copy' }).click();
  await banner(lab)
    .getByRole('button', { name: 'Show them' })
    .click({ timeout: 90_000 });
  await lab.panel.getByRole('button', { name: /^This notebook/ }).click();
  await menuItem(lab, 'All experiments').click();
  await expect(lab.row('from-files')).toBeVisible();
  await expect(chip(lab)).toHaveText('local · mlflow.db');
});

test('a database that cannot be opened shows its server’s log', async ({
  lab,
  server
}) => {
  writeFileSync(
    join(server.root, 'mlflow.db'),
    'this is no database'.repeat(99)
  );
  lab.write('a.ipynb', ['1']);
  await lab.open('a.ipynb');
  await lab.openPanel();
  await lab.command('experiments:refresh-runs');
  await banner(lab)
    .getByRole('button', { name: 'Show log' })
    .click({ timeout: 60_000 });
  await expect(dialog(lab).locator('pre')).toBeFocused();
  await dialog(lab).getByRole('button', { name: 'Close' }).click();
});

test.describe('where the administrator has chosen', () => {
  test.use({
    serverOptions: {
      args: ['--ExperimentsApp.forced_connection=default']
    }
  });
  test('nothing can be added, and the chip says who has chosen', async ({
    lab
  }) => {
    lab.write('a.ipynb', [RUN]);
    await lab.open('a.ipynb');
    await lab.openPanel();
    await lab.runCell(0);
    await expect(lab.row('here')).toBeVisible();
    await expect(chip(lab)).toHaveAttribute(
      'title',
      /The administrator has chosen this connection\./
    );
    await chip(lab).click();
    await expect(menuItem(lab, /^Test /)).toBeVisible();
    await expect(menuItem(lab, /^Add a connection/)).toHaveCount(0);
  });
});

test('details of a run go with its connection, and the form closes by Escape after a test', async ({
  lab
}) => {
  lab.write('d.ipynb', [RUN]);
  await lab.open('d.ipynb');
  await lab.openPanel();
  await lab.runCell(0);
  await lab.row('here').click();
  const details = lab.panel.locator('.jp-Experiments-details');
  await expect(details).toContainText('here');
  await openForm(lab);
  await dialog(lab).getByLabel('Tracking URI').fill('http://127.0.0.1:9');
  await dialog(lab).getByRole('button', { name: 'Test' }).click();
  await expect(
    dialog(lab).getByRole('img', { name: 'It does not work' })
  ).toBeVisible();
  await lab.page.keyboard.press('Escape');
  await expect(dialog(lab)).toHaveCount(0);
  await openForm(lab);
  await dialog(lab).getByLabel('Tracking URI').fill('http://127.0.0.1:9');
  await lab.page.keyboard.press('Enter');
  await expect(banner(lab)).toContainText('does not answer');
  await expect(details).toHaveCount(0);
});
