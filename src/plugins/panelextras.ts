import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { IStatusBar } from '@jupyterlab/statusbar';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import type { ShowCellArgs } from '../commands';
import { CommandIDs } from '../commands';
import type { GoingRun } from '../panel/announcer';
import type { PanelHost } from '../panel/host';
import { wrappedSource } from '../panel/wrapcell';
import type { Settings } from '../settings';
import { DEFAULT_SETTINGS, SETTINGS_ID, decodeSettings } from '../settings';
import type { INotebookRuns } from '../tokens';
import type { PanelDesk } from './panelcommands';

/** The run that is going, in the status bar. */
export class GoingItem extends Widget {
  constructor(onClick: (runId: string) => void) {
    super({ node: document.createElement('button') });
    this.addClass('jp-Experiments-going');
    this.node.addEventListener('click', () => {
      if (this._run) {
        onClick(this._run.runId);
      }
    });
  }

  readonly changed = new Signal<this, void>(this);

  get run(): GoingRun | null {
    return this._run;
  }

  set run(run: GoingRun | null) {
    const isOther = (run === null) !== (this._run === null);
    this._run = run;
    this.node.textContent = run ? `◐ ${run.text}` : '';
    if (isOther) {
      this.changed.emit();
    }
  }

  private _run: GoingRun | null = null;
}

/** Put the run that is going into the status bar. */
export function addGoingItem(
  app: JupyterFrontEnd,
  statusBar: IStatusBar | null,
  isShown: () => boolean
): GoingItem {
  const item = new GoingItem(runId => {
    void app.commands.execute(CommandIDs.selectRun, { runId });
  });
  statusBar?.registerStatusItem('jupyterlab-experiments:going', {
    item,
    align: 'middle',
    isActive: () => isShown() && item.run !== null,
    activeStateChanged: item.changed
  });
  return item;
}

/** Settings, kept current. */
export function followSettings(
  registry: ISettingRegistry | null
): () => Settings {
  let settings = DEFAULT_SETTINGS;
  void registry
    ?.load(SETTINGS_ID)
    .then(loaded => {
      settings = decodeSettings(loaded.composite);
      loaded.changed.connect(() => {
        settings = decodeSettings(loaded.composite);
      });
    })
    .catch((error: unknown) => {
      console.warn('experiments: no settings; defaults hold', error);
    });
  return () => settings;
}

/** Wrap the active cell in `%%run`. */
export function addWrapCell(
  desk: PanelDesk,
  tracker: INotebookTracker | null
): void {
  const { app, palette, trans } = desk;
  const command = CommandIDs.wrapCell;
  app.commands.addCommand(command, {
    label: trans.__('Wrap the cell in %1', '%%run'),
    describedBy: { args: { type: 'object', properties: {} } },
    isEnabled: () => tracker?.activeCell?.model.type === 'code',
    execute: () => {
      const shared = tracker?.activeCell?.model.sharedModel;
      shared?.setSource(wrappedSource(shared.getSource()));
    }
  });
  palette?.addItem({ command, category: trans.__('Experiments') });
}

/** “Show cell” without arguments means the panel's active run. */
export function followShowCell(app: JupyterFrontEnd, host: PanelHost): void {
  app.commands.commandExecuted.connect((_, { id, args }) => {
    const { runId, cellId } = args as ShowCellArgs;
    if (id === CommandIDs.showCell && !runId && !cellId && host.parts) {
      void app.commands.execute(CommandIDs.showSelectedCell);
    }
  });
}

/** A menu that was opened on a row gives the focus back to the rows. */
export function returnFocus(app: JupyterFrontEnd, host: PanelHost): void {
  let isOurs = false;
  host.node.addEventListener('contextmenu', () => {
    isOurs = true;
  });
  app.contextMenu.menu.aboutToClose.connect(() => {
    const wasOurs = isOurs;
    isOurs = false;
    requestAnimationFrame(() => {
      if (wasOurs && document.activeElement === document.body) {
        host.parts?.focusGrid();
      }
    });
  });
}

/** Resolves with the first open notebook: before it there is no run to tell of. */
export function firstNotebook(notebooks: INotebookRuns): Promise<void> {
  return new Promise(resolve => {
    const look = (): void => {
      if (notebooks.current) {
        notebooks.changed.disconnect(look);
        resolve();
      }
    };
    notebooks.changed.connect(look);
    look();
  });
}
