import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How a JupyterLab under test is started. */
export type ServerOptions = {
  /** Prefix of the environment; by default LAB_ENVIRONMENT. */
  environment?: string;
  /** Beyond the process's own. */
  env?: Record<string, string>;
  args?: string[];
  /** `lab`, or `notebook` for Notebook 7. */
  application?: 'lab' | 'notebook';
};

/** A free port of the loopback interface. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

/** Wait until a probe gives something, or fail with what was waited for. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | null | undefined | false>,
  timeoutMs = 60_000
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe().catch(() => null);
    if (value) {
      return value;
    }
    if (Date.now() > end) {
      throw new Error(`Waited ${timeoutMs} ms in vain for ${what}`);
    }
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

/** A real JupyterLab with its own root, home and configuration. */
export class LabServer {
  readonly token = randomBytes(16).toString('hex');
  readonly folder = mkdtempSync(join(tmpdir(), 'jlx-'));
  readonly root = join(this.folder, 'work');
  url = '';
  private _process: ChildProcess | null = null;
  private _port = 0;

  constructor(private readonly _options: ServerOptions = {}) {
    mkdirSync(this.root);
    // JupyterLab's question about news would lie over what is tested.
    const config = join(this.folder, 'config', 'labconfig');
    mkdirSync(config, { recursive: true });
    writeFileSync(
      join(config, 'page_config.json'),
      JSON.stringify({
        disabledExtensions: {
          '@jupyterlab/apputils-extension:announcements': true
        }
      })
    );
  }

  get environment(): string {
    const prefix = this._options.environment ?? process.env.LAB_ENVIRONMENT;
    if (!prefix) {
      throw new Error('LAB_ENVIRONMENT names no environment');
    }
    return prefix;
  }

  /** Start, or start again on the same port with the same token. */
  async start(): Promise<void> {
    this._port = this._port || (await freePort());
    this.url = `http://127.0.0.1:${this._port}`;
    const log = createWriteStream(join(this.folder, 'server.log'), {
      flags: 'a'
    });
    const child = spawn(
      join(this.environment, 'bin', 'python'),
      [
        '-m',
        this._options.application === 'notebook' ? 'notebook' : 'jupyterlab',
        `--port=${this._port}`,
        `--config=${join(__dirname, '..', 'jupyter_server_config.py')}`,
        ...(this._options.args ?? [])
      ],
      { cwd: this.root, env: this._env(), stdio: ['ignore', 'pipe', 'pipe'] }
    );
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    this._process = child;
    await until(
      'JupyterLab to answer',
      async () => (await fetch(`${this.url}/api/status?token=${this.token}`)).ok
    );
  }

  /** Fetch below the server's address, with the token. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}/${path}`, {
      ...init,
      headers: {
        Authorization: `token ${this.token}`,
        ...(init.headers as Record<string, string>)
      }
    });
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this._process;
    this._process = null;
    if (child && child.exitCode === null) {
      const ended = new Promise(resolve => child.once('exit', resolve));
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(timer);
    }
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private _env(): NodeJS.ProcessEnv {
    const bin = join(this.environment, 'bin');
    return {
      // No Node, nothing of the developer's: only what the environment has.
      PATH: `${bin}:/usr/bin:/bin`,
      HOME: this.folder,
      LANG: 'C.UTF-8',
      LAB_ROOT: this.root,
      LAB_TOKEN: this.token,
      JUPYTER_CONFIG_DIR: join(this.folder, 'config'),
      JUPYTER_DATA_DIR: join(this.folder, 'data'),
      JUPYTER_RUNTIME_DIR: join(this.folder, 'run'),
      IPYTHONDIR: join(this.folder, 'ipython'),
      ...this._options.env
    };
  }
}
