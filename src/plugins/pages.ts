import { ILabShell } from '@jupyterlab/application';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { CompareRunsArgs, OpenRunArgs } from '../commands';
import { CommandIDs } from '../commands';
import { IChoices } from '../runs/choices';
import { INotebookRuns, ITracking } from '../tokens';
import type { Pages } from './runpages';

const TEXT = { type: 'string' } as const;

const OPEN_RUN_SCHEMA = {
  type: 'object',
  properties: { runId: TEXT, connectionId: TEXT },
  required: ['runId']
};

const COMPARE_RUNS_SCHEMA = {
  type: 'object',
  properties: {
    runIds: { type: 'array', items: TEXT },
    runs: {
      type: 'array',
      items: {
        type: 'object',
        properties: { runId: TEXT, connectionId: TEXT },
        required: ['runId']
      }
    },
    connectionId: TEXT
  }
};

/** Opens pages of runs; what draws them is fetched with the first one. */
const pagesPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-experiments:pages',
  description: 'Opens the page of a run, and the comparison of several.',
  autoStart: true,
  requires: [ITracking],
  optional: [INotebookRuns, ITranslator, ILabShell, INotebookTracker, IChoices],
  activate: (
    app: JupyterFrontEnd,
    tracking: ITracking,
    notebooks: INotebookRuns | null,
    translator: ITranslator | null,
    labShell: ILabShell | null,
    notebookTracker: INotebookTracker | null,
    choices: IChoices | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab-experiments');
    const place = () => ({
      app,
      labShell,
      notebookWidgetId: notebookTracker?.currentWidget?.id ?? null
    });
    let made: Promise<Pages> | null = null;
    const pages = (): Promise<Pages> =>
      (made ??= import('./runpages').then(
        ({ Pages }) => new Pages({ tracking, notebooks, choices, trans, place })
      ));
    app.commands.addCommand(CommandIDs.openRun, {
      label: trans.__('Open run'),
      isEnabled: args => typeof args.runId === 'string',
      describedBy: { args: OPEN_RUN_SCHEMA },
      execute: async args => (await pages()).openRun(args as OpenRunArgs)
    });
    app.commands.addCommand(CommandIDs.compareRuns, {
      label: trans.__('Compare runs'),
      describedBy: { args: COMPARE_RUNS_SCHEMA },
      execute: async args =>
        (await pages()).compareRuns(args as CompareRunsArgs)
    });
  }
};

export default pagesPlugin;
