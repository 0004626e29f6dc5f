import { ILabShell } from '@jupyterlab/application';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';
import type {
  OpenModelArgs,
  OpenRunArgs,
  RegisterModelArgs
} from '../commands';
import { CommandIDs } from '../commands';
import type { RegistryDesk, RegistryOptions } from '../registry/desk';
import type { ReadArtifact } from '../registry/registrar';
import { INotebookRuns, ITracking } from '../tokens';
import { registerIcon } from '../ui/icons';

const TEXT = { type: 'string' } as const;

const REGISTER_SCHEMA = {
  type: 'object',
  properties: {
    runId: TEXT,
    connectionId: TEXT,
    name: TEXT,
    alias: TEXT,
    modelId: TEXT
  },
  required: ['runId']
};

const OPEN_MODEL_SCHEMA = {
  type: 'object',
  properties: { name: TEXT, connectionId: TEXT },
  required: ['name']
};

const OPEN_MODELS_SCHEMA = {
  type: 'object',
  properties: { connectionId: TEXT }
};

/** Registers models of runs, and shows the registered ones. */
const registryPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-experiments:registry',
  description: 'Registers models of runs, and shows the registered models.',
  autoStart: true,
  requires: [ITracking],
  optional: [
    INotebookRuns,
    ITranslator,
    ICommandPalette,
    ILabShell,
    INotebookTracker
  ],
  activate: (
    app: JupyterFrontEnd,
    tracking: ITracking,
    notebooks: INotebookRuns | null,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    labShell: ILabShell | null,
    notebookTracker: INotebookTracker | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyterlab-experiments');
    const place = (tab: Widget): void => {
      const notebookWidgetId = notebookTracker?.currentWidget?.id ?? null;
      void showTab(app, tab, { labShell, notebookWidgetId });
    };
    const desk = lazyDesk(app, { tracking, notebooks, trans, place });
    addRegister(app, trans, desk);
    addModels(app, trans, desk);
    const category = trans.__('Experiments');
    palette?.addItem({ command: CommandIDs.openModels, category });
  }
};

type LazyDesk = () => Promise<RegistryDesk>;

/** The desk, fetched when a command first needs it. */
function lazyDesk(
  app: JupyterFrontEnd,
  services: Pick<RegistryOptions, 'tracking' | 'notebooks' | 'trans' | 'place'>
): LazyDesk {
  const { commands } = app;
  let made: Promise<RegistryDesk> | null = null;
  const options = {
    ...services,
    readArtifact: artifactReader(app),
    openRun: (runId: string, connectionId: string) => {
      const args = { runId, connectionId } satisfies OpenRunArgs;
      void commands.execute(CommandIDs.openRun, args);
    },
    showRuns: () => void commands.execute(CommandIDs.openPanel)
  };
  return () =>
    (made ??= import('../registry/desk').then(
      ({ RegistryDesk }) => new RegistryDesk(options)
    ));
}

function addRegister(
  app: JupyterFrontEnd,
  trans: TranslationBundle,
  desk: LazyDesk
): void {
  app.commands.addCommand(CommandIDs.registerModel, {
    label: trans.__('Register model'),
    icon: registerIcon,
    describedBy: { args: REGISTER_SCHEMA },
    isEnabled: args => typeof args.runId === 'string',
    execute: async args =>
      (await desk()).register(args as unknown as RegisterModelArgs)
  });
}

function addModels(
  app: JupyterFrontEnd,
  trans: TranslationBundle,
  desk: LazyDesk
): void {
  app.commands.addCommand(CommandIDs.openModel, {
    label: trans.__('Open registered model'),
    describedBy: { args: OPEN_MODEL_SCHEMA },
    isEnabled: args => typeof args.name === 'string',
    execute: async args =>
      (await desk()).openModels(args as unknown as OpenModelArgs)
  });
  app.commands.addCommand(CommandIDs.openModels, {
    label: trans.__('Registered models'),
    icon: registerIcon,
    describedBy: { args: OPEN_MODELS_SCHEMA },
    execute: async args =>
      (await desk()).openModels(args as Partial<OpenModelArgs>)
  });
}

async function showTab(
  app: JupyterFrontEnd,
  tab: Widget,
  where: Readonly<{
    labShell: ILabShell | null;
    notebookWidgetId: string | null;
  }>
): Promise<void> {
  const { placeTab } = await import('./placing');
  if (!placeTab({ app, ...where }, tab)) {
    // Notebook before 7.4 has no lower area; its right one takes several.
    app.shell.add(tab, 'right');
    app.shell.activateById(tab.id);
  }
}

/** Reads texts of artifacts through the gateway. */
function artifactReader(app: JupyterFrontEnd): ReadArtifact {
  const { serverSettings } = app.serviceManager;
  return async (connectionId, path, signal) => {
    const { askGateway, connectionPath } = await import('../gateway/request');
    const route = connectionPath(connectionId, `artifacts/${path}`);
    const answer = await askGateway(serverSettings, { path: route }, signal);
    return answer.text();
  };
}

export default registryPlugin;
