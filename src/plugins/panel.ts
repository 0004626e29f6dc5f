import { ILayoutRestorer } from '@jupyterlab/application';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { URLExt } from '@jupyterlab/coreutils';
import { ILauncher } from '@jupyterlab/launcher';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandIDs } from '../commands';
import { CONTRACT } from '../contract';
import type { LoadedPanel } from '../panel/host';
import { PanelHost } from '../panel/host';
import { IChoices } from '../runs/choices';
import { INotebookRuns, ITracking } from '../tokens';
/* eslint-disable jupyter/prefer-lazy-imports --
   names, labels and keys are what the start needs; what they do is a lazy chunk */
import { addPanelCommands } from './panelcommands';
import {
  addGoingItem,
  addWrapCell,
  firstNotebook,
  followSettings,
  followShowCell,
  returnFocus
} from './panelextras';
/* eslint-enable jupyter/prefer-lazy-imports */

const RANK = 700;

/** Services that the panel is made from. */
type Services = Readonly<{
  app: JupyterFrontEnd;
  tracking: ITracking;
  notebooks: INotebookRuns;
  choices: IChoices;
  trans: TranslationBundle;
}>;

/** Ids of the kernels that run now; null while they are not known. */
function kernelIds(app: JupyterFrontEnd): ReadonlySet<string> | null {
  const { kernels } = app.serviceManager;
  return kernels.isReady
    ? new Set(Array.from(kernels.running(), ({ id }) => id))
    : null;
}

async function loadPanel(services: Services): Promise<LoadedPanel> {
  const { app, tracking, notebooks, choices, trans } = services;
  const { KeptState, PanelContent, PanelParts } = await import('../panel/lazy');
  const { baseUrl } = app.serviceManager.serverSettings;
  const parts = new PanelParts({
    tracking,
    notebooks,
    choices,
    kept: new KeptState(
      `${CONTRACT.package}:panel:${baseUrl}`,
      window.localStorage
    ),
    commands: app.commands,
    kernelIds: () => kernelIds(app),
    addressOf: id =>
      URLExt.join(
        baseUrl,
        CONTRACT.routes.base,
        CONTRACT.routes.connections,
        id
      ),
    trans
  });
  return { parts, content: new PanelContent(parts) };
}

/** Tell of runs that go on or end, once JupyterLab stands. */
async function announce(
  services: Services,
  host: PanelHost,
  extras: {
    settings: ReturnType<typeof followSettings>;
    item: ReturnType<typeof addGoingItem>;
  }
): Promise<void> {
  const { app, notebooks, trans } = services;
  await app.restored;
  await firstNotebook(notebooks);
  const [parts, { Announcer }] = await Promise.all([
    host.ready(),
    import('../panel/lazy')
  ]);
  new Announcer({
    model: parts.model,
    commands: app.commands,
    isNotifying: () => extras.settings().isNotifying,
    onGoing: run => {
      host.hasRunning = run !== null;
      extras.item.run = run;
    },
    say: text => parts.say(text),
    trans
  });
}

function addToLauncher(
  launcher: ILauncher | null,
  trans: TranslationBundle
): void {
  const category = trans.__('Experiments');
  launcher?.add({ command: CommandIDs.openPanel, category, rank: 1 });
}

const panelPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-experiments:plugin',
  description: 'Shows the runs of the notebook beside it.',
  autoStart: true,
  requires: [ITracking, INotebookRuns, IChoices],
  optional: [
    ITranslator,
    ICommandPalette,
    ILayoutRestorer,
    ISettingRegistry,
    INotebookTracker,
    IStatusBar,
    ILauncher
  ],
  activate: (
    app: JupyterFrontEnd,
    tracking: ITracking,
    notebooks: INotebookRuns,
    choices: IChoices,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    registry: ISettingRegistry | null,
    tracker: INotebookTracker | null,
    statusBar: IStatusBar | null,
    launcher: ILauncher | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyterlab-experiments');
    const services = { app, tracking, notebooks, choices, trans };
    const host = new PanelHost(
      () => loadPanel(services),
      trans.__('Experiments')
    );
    const desk = {
      app,
      host,
      palette,
      focusNotebook: () => notebooks.current?.focus(),
      hasNotebook: () => notebooks.current !== null,
      trans
    };
    const settings = followSettings(registry);
    addPanelCommands(desk);
    addWrapCell(desk, tracker);
    followShowCell(app, host);
    returnFocus(app, host);
    app.shell.add(host, 'right', { rank: RANK });
    restorer?.add(host, host.id);
    addToLauncher(launcher, trans);
    const isShown = (): boolean => settings().isInStatusBar;
    const item = addGoingItem(app, statusBar, isShown);
    void announce(services, host, { settings, item });
  }
};

export default panelPlugin;
