import {
  test as base,
  expect,
  type Locator,
  type Page
} from '@playwright/test';
import { join } from 'node:path';
import { writeNotebook } from './notebookfile';
import { LabServer, type ServerOptions } from './server';

export { expect, writeNotebook };

/** What the stories use of JupyterLab's application object. */
type App = {
  started: Promise<void>;
  restored: Promise<void>;
  commands: {
    execute(id: string, args?: Record<string, unknown>): Promise<unknown>;
  };
  shell: { widgets(area: string): Iterable<MainWidget> };
};
type MainWidget = {
  isVisible: boolean;
  sessionContext?: {
    isReady: boolean;
    session: {
      kernel: { status: string; connectionStatus: string } | null;
    } | null;
  };
};
type WithApp = { jupyterapp: App };

/** One page with JupyterLab in it, driven as a user would. */
export class Lab {
  constructor(
    readonly page: Page,
    readonly server: LabServer
  ) {}

  /** Write a notebook below the root. */
  write(path: string, sources: readonly string[], kernel?: string): void {
    writeNotebook(join(this.server.root, path), sources, { kernel });
  }

  /** Open JupyterLab with this notebook and wait for its kernel. */
  async open(path: string): Promise<void> {
    await this.page.goto(
      `${this.server.url}/lab/tree/${encodeURI(path)}?token=${this.server.token}`
    );
    await this.ready();
    await this.kernelIdle();
  }

  /** Wait until the application has restored its layout. */
  async ready(): Promise<void> {
    await this.page.waitForFunction(
      () => (window as unknown as Partial<WithApp>).jupyterapp !== undefined
    );
    await this.page.evaluate(async () => {
      const app = (window as unknown as WithApp).jupyterapp;
      await app.started;
      await app.restored;
    });
  }

  async command(id: string, args: Record<string, unknown> = {}): Promise<void> {
    await this.page.evaluate(
      async ([id, args]) => {
        const app = (window as unknown as WithApp).jupyterapp;
        await app.commands.execute(id, args);
      },
      [id, args] as const
    );
  }

  /** Open the panel, if it is not open. */
  async openPanel(): Promise<void> {
    if (!(await this.panel.isVisible())) {
      await this.command('experiments:open-panel');
    }
    await expect(this.panel).toBeVisible();
    // Its code comes with its first sight.
    await expect(this.panel.locator('button').first()).toBeVisible();
  }

  get panel(): Locator {
    return this.page.locator('#experiments-panel');
  }

  get grid(): Locator {
    return this.panel.locator(
      '[role=grid][aria-label=Runs], [role=treegrid][aria-label=Runs]'
    );
  }

  get rows(): Locator {
    return this.grid.locator('[role=row][data-run-id]');
  }

  /** Rows by the name they bear. */
  row(name: string): Locator {
    return this.grid.locator(`[role=row][data-run-id][aria-label*="${name}"]`);
  }

  /** The notebook that is shown. */
  get notebook(): Locator {
    return this.page.locator('.jp-NotebookPanel:not(.lm-mod-hidden)');
  }

  cell(index: number): Locator {
    return this.notebook.locator('.jp-Notebook .jp-Cell').nth(index);
  }

  /**
   * Wait for a connected, idle kernel of the shown notebook: a cell that is
   * run before there is one is dropped by JupyterLab without a word.
   */
  async kernelIdle(): Promise<void> {
    await expect(
      this.notebook.locator('.jp-Notebook-ExecutionIndicator')
    ).toHaveAttribute('data-status', 'idle', { timeout: 60_000 });
    await this.page.waitForFunction(() => {
      const { shell } = (window as unknown as WithApp).jupyterapp;
      const panels = [...shell.widgets('main')].filter(
        widget => widget.isVisible && widget.sessionContext
      );
      return (
        panels.length > 0 &&
        panels.every(
          ({ sessionContext }) =>
            sessionContext?.isReady &&
            sessionContext.session?.kernel?.status === 'idle' &&
            sessionContext.session.kernel.connectionStatus === 'connected'
        )
      );
    });
  }

  /** Select a cell, in command mode. */
  async selectCell(index: number): Promise<void> {
    const prompt = this.cell(index).locator('.jp-InputPrompt').first();
    await expect(async () => {
      await prompt.click();
      await expect(this.notebook.locator('.jp-Notebook *:focus')).toHaveCount(
        1,
        { timeout: 1000 }
      );
    }).toPass({ timeout: 10_000 });
  }

  /** Run one cell; waits for its end unless told not to. */
  async runCell(
    index: number,
    options: { wait?: boolean } = {}
  ): Promise<void> {
    await this.selectCell(index);
    await this.page.keyboard.press('Control+Enter');
    if (options.wait !== false) {
      await this.cellDone(index);
    }
  }

  async cellDone(index: number, timeoutMs = 45_000): Promise<void> {
    await expect(
      this.cell(index).locator('.jp-InputPrompt').first()
    ).toHaveText(/\[\d+\]:/, { timeout: timeoutMs });
  }

  /** Replace a cell's text. */
  async typeCell(index: number, text: string): Promise<void> {
    await this.cell(index).locator('.cm-content').first().click();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(text);
  }

  /** Outputs of a cell as text. */
  output(index: number): Locator {
    return this.cell(index).locator('.jp-OutputArea-output');
  }
}

/** What a story is given. */
export type LabFixtures = {
  serverOptions: ServerOptions;
  server: LabServer;
  lab: Lab;
};

/** A story's fixtures: a fresh JupyterLab, and a page to drive it by. */
export const test = base.extend<LabFixtures>({
  serverOptions: [{}, { option: true }],
  server: async ({ serverOptions }, use) => {
    const server = new LabServer(serverOptions);
    await server.start();
    await use(server);
    await server.dispose();
  },
  lab: async ({ page, server }, use) => {
    await use(new Lab(page, server));
  }
});
