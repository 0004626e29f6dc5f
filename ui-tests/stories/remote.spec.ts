import { test as base, expect, Lab, type LabFixtures } from '../support/lab';
import { freePort, LabServer, until } from '../support/server';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PASSWORD = 'a long password 12345';

/** A real `mlflow server` with basic auth. */
class MlflowServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'mlflow-'));
  url = '';
  private _process: ChildProcess | null = null;

  async start(): Promise<void> {
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}`;
    const config = join(this.folder, 'auth.ini');
    writeFileSync(
      config,
      `[mlflow]
default_permission = READ
database_uri = sqlite:///${this.folder}/auth.db
admin_username = ana
admin_password = ${PASSWORD}
authorization_function = mlflow.server.auth:authenticate_request_basic_auth
`
    );
    const prefix = process.env.LAB_ENVIRONMENT;
    this._process = spawn(
      `${prefix}/bin/python`,
      [
        '-m',
        'mlflow',
        'server',
        '--app-name',
        'basic-auth',
        '--backend-store-uri',
        `sqlite:///${this.folder}/team.db`,
        '--artifacts-destination',
        join(this.folder, 'artifacts'),
        '--workers',
        '1',
        '--port',
        String(port)
      ],
      {
        cwd: this.folder,
        stdio: 'ignore',
        detached: true,
        env: {
          PATH: `${prefix}/bin:/usr/bin:/bin`,
          HOME: this.folder,
          MLFLOW_AUTH_CONFIG_PATH: config,
          MLFLOW_FLASK_SERVER_SECRET_KEY: 'for the test only',
          MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
          MLFLOW_DISABLE_TELEMETRY: 'true'
        }
      }
    );
    await until(
      'mlflow server to answer',
      async () => (await fetch(`${this.url}/health`)).ok,
      90_000
    );
  }

  stop(): void {
    if (this._process?.pid) {
      process.kill(-this._process.pid, 'SIGKILL');
    }
    this._process = null;
  }

  dispose(): void {
    this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const test = base.extend<LabFixtures & { mlflow: MlflowServer }>({
  mlflow: async ({}, use) => {
    const mlflow = new MlflowServer();
    await mlflow.start();
    await use(mlflow);
    mlflow.dispose();
  },
  server: async ({ mlflow }, use) => {
    const server = new LabServer({
      env: {
        MLFLOW_TRACKING_URI: mlflow.url,
        MLFLOW_TRACKING_USERNAME: 'ana',
        MLFLOW_TRACKING_PASSWORD: PASSWORD
      }
    });
    await server.start();
    await use(server);
    await server.dispose();
  },
  lab: async ({ page, server }, use) => {
    await use(new Lab(page, server));
  }
});

test('runs of a team’s server with basic auth stand beside the notebook, and stay when it goes away', async ({
  lab,
  mlflow,
  page
}) => {
  lab.write('team.ipynb', [
    `%%run remote -p alpha=0.3
import mlflow
mlflow.log_metric('score', alpha)`
  ]);
  const bodies: string[] = [];
  page.on('response', async response => {
    if (response.url().includes('/jupyterlab-experiments/')) {
      bodies.push(await response.text().catch(() => ''));
    }
  });
  await lab.open('team.ipynb');
  await lab.openPanel();
  await expect(lab.panel).toContainText('127.0.0.1');
  await lab.runCell(0);
  await expect(lab.row('remote')).toHaveAttribute('aria-label', /finished/i);

  // A new browser, which has nothing in its memory.
  const context = await page.context().browser()!.newContext();
  const fresh = new Lab(await context.newPage(), lab.server);
  await lab.command('docmanager:save');
  await fresh.open('team.ipynb');
  await fresh.openPanel();
  await expect(fresh.row('remote')).toHaveAttribute('aria-label', /finished/i);
  await context.close();

  mlflow.stop();
  await lab.command('experiments:refresh-runs');
  await expect(lab.panel).toContainText('does not answer');
  await expect(lab.row('remote')).toBeVisible();
  for (const body of bodies) {
    expect(body).not.toContain(PASSWORD);
  }
});
