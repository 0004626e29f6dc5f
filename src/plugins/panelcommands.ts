import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { LabIcon } from '@jupyterlab/ui-components';
import {
  copyIcon,
  editIcon,
  filterListIcon,
  launchIcon,
  refreshIcon,
  stopIcon,
  tagIcon,
  undoIcon
} from '@jupyterlab/ui-components';
import { CommandIDs } from '../commands';
import type { PanelHost } from '../panel/host';
import { EMPTY_TABLE, textAt } from '../runtable/runtable';
import { compareIcon, flaskIcon, registerIcon } from '../ui/icons';

/** What the panel's commands are added with. */
export type PanelDesk = Readonly<{
  app: JupyterFrontEnd;
  host: PanelHost;
  palette: ICommandPalette | null;
  /** Give the focus back to the notebook. */
  focusNotebook: () => void;
  hasNotebook: () => boolean;
  trans: TranslationBundle;
}>;

/** When a command can be used. */
type Needs = 'nothing' | 'run' | 'runningRun' | 'deletedRun' | 'notebook';

type Look = Readonly<{
  label: string;
  needs: Needs;
  icon?: LabIcon;
  /** Does nothing without arguments: not in the palette. */
  isForCode?: boolean;
}>;

type Looks = Readonly<Record<string, Look>>;

function looksOfOne(trans: TranslationBundle): Looks {
  return {
    [CommandIDs.openSelected]: {
      label: trans.__('Open'),
      needs: 'run',
      icon: launchIcon
    },
    [CommandIDs.showSelectedCell]: {
      label: trans.__('Open in notebook'),
      needs: 'run'
    },
    [CommandIDs.compareWithBefore]: {
      label: trans.__('Compare with before'),
      needs: 'run',
      icon: compareIcon
    },
    [CommandIDs.registerSelected]: {
      label: trans.__('Register model…'),
      needs: 'run',
      icon: registerIcon
    },
    [CommandIDs.renameRun]: {
      label: trans.__('Rename'),
      needs: 'run',
      icon: editIcon
    },
    [CommandIDs.editNote]: { label: trans.__('Note…'), needs: 'run' },
    [CommandIDs.copyRunId]: {
      label: trans.__('Copy run ID'),
      needs: 'run',
      icon: copyIcon
    },
    [CommandIDs.stopRun]: {
      label: trans.__('Stop'),
      needs: 'runningRun',
      icon: stopIcon
    }
  };
}

function looksOfMany(trans: TranslationBundle): Looks {
  return {
    [CommandIDs.compareSelected]: {
      label: trans.__('Compare the selected runs'),
      needs: 'run',
      icon: compareIcon
    },
    [CommandIDs.editTags]: {
      label: trans.__('Tags…'),
      needs: 'run',
      icon: tagIcon
    },
    [CommandIDs.deleteRuns]: { label: trans.__('Delete'), needs: 'run' },
    [CommandIDs.restoreRuns]: {
      label: trans.__('Restore'),
      needs: 'deletedRun',
      icon: undoIcon
    },
    [CommandIDs.copyRows]: {
      label: trans.__('Copy as a table'),
      needs: 'nothing'
    }
  };
}

function looksOfPanel(trans: TranslationBundle): Looks {
  return {
    [CommandIDs.filterRuns]: {
      label: trans.__('Filter runs'),
      needs: 'nothing',
      icon: filterListIcon
    },
    [CommandIDs.refresh]: {
      label: trans.__('Refresh runs'),
      needs: 'nothing',
      icon: refreshIcon
    },
    [CommandIDs.latestRunOfCell]: {
      label: trans.__('Show the latest run of this cell'),
      needs: 'notebook'
    },
    [CommandIDs.compareCellRuns]: {
      label: trans.__('Compare the last two runs of this cell'),
      needs: 'notebook',
      icon: compareIcon
    },
    [CommandIDs.openExperiment]: {
      label: trans.__('Show the runs of an experiment'),
      needs: 'nothing',
      isForCode: true
    },
    [CommandIDs.selectRun]: {
      label: trans.__('Show a run in the panel'),
      needs: 'nothing',
      isForCode: true
    }
  };
}

/** Is one of the runs that a command would mean so? */
function isSome(desk: PanelDesk, column: string, value: string): boolean {
  const model = desk.host.parts?.model;
  const { columns, rows } = model?.runs.table ?? EMPTY_TABLE;
  return (model?.targets() ?? [])
    .flatMap(runId => rows.get(runId) ?? [])
    .some(row => textAt(columns.get(column), row) === value);
}

function isMet(desk: PanelDesk, needs: Needs): boolean {
  switch (needs) {
    case 'nothing':
      return true;
    case 'notebook':
      return desk.hasNotebook();
    case 'runningRun':
      return isSome(desk, 'status', 'RUNNING');
    case 'deletedRun':
      return isSome(desk, 'lifecycle_stage', 'deleted');
    case 'run':
      return (desk.host.parts?.model.targets() ?? []).length > 0;
  }
}

function canRun(desk: PanelDesk, needs: Needs, args: object): boolean {
  return 'runId' in args || 'runIds' in args || isMet(desk, needs);
}

/** Arguments for tools that show them. */
const RUN_ARGS = {
  args: {
    type: 'object',
    properties: {
      runId: { type: 'string' },
      runIds: { type: 'array', items: { type: 'string' } },
      experimentId: { type: 'string' },
      connectionId: { type: 'string' }
    }
  }
} as const;

const SNIPPET_ARGS = {
  args: {
    type: 'object',
    properties: {
      snippet: {
        enum: [
          'params',
          'loadModel',
          'history',
          'table',
          'logModel',
          'systemMetrics'
        ]
      },
      runId: { type: 'string' }
    }
  }
} as const;

/** Commands that show something in the panel bring it to the front. */
const SHOWING: ReadonlySet<string> = new Set([
  CommandIDs.openExperiment,
  CommandIDs.selectRun,
  CommandIDs.filterRuns,
  CommandIDs.latestRunOfCell
]);

function addRunCommand(desk: PanelDesk, id: string, look: Look): void {
  const { app, host, palette, trans } = desk;
  app.commands.addCommand(id, {
    label: look.label,
    describedBy: RUN_ARGS,
    icon: look.icon,
    isEnabled: args => canRun(desk, look.needs, args),
    // What makes no sense for a run is not offered in its menu.
    isVisible: args =>
      look.needs !== 'deletedRun' || canRun(desk, look.needs, args),
    execute: async args => {
      if (SHOWING.has(id)) {
        app.shell.activateById(host.id);
      }
      const [parts, { RUN_COMMANDS }] = await Promise.all([
        host.ready(),
        import('../panel/lazy')
      ]);
      await RUN_COMMANDS[id](parts, args as never);
    }
  });
  if (!look.isForCode) {
    palette?.addItem({ command: id, category: trans.__('Experiments') });
  }
}

function snippetLabel(snippet: unknown, trans: TranslationBundle): string {
  const labels: Readonly<Record<string, string>> = {
    params: trans.__('Params as a dict'),
    loadModel: trans.__('Load the model'),
    history: trans.__('Metric history as a DataFrame'),
    table: trans.__('This table'),
    logModel: trans.__('Insert the line that logs one'),
    systemMetrics: trans.__('Sample each second')
  };
  return labels[String(snippet)] ?? trans.__('Insert code');
}

function addInsertCode(desk: PanelDesk): void {
  const { app, host, trans } = desk;
  app.commands.addCommand(CommandIDs.insertCode, {
    label: args => snippetLabel(args.snippet, trans),
    describedBy: SNIPPET_ARGS,
    isEnabled: args =>
      typeof args.snippet === 'string' && canRun(desk, 'run', args),
    execute: async args => {
      const [parts, { RUN_COMMANDS }] = await Promise.all([
        host.ready(),
        import('../panel/lazy')
      ]);
      await RUN_COMMANDS[CommandIDs.insertCode](parts, args as never);
    }
  });
}

function addOpenPanel(desk: PanelDesk): void {
  const { app, host, palette, trans } = desk;
  const command = CommandIDs.openPanel;
  app.commands.addCommand(command, {
    label: trans.__('Experiments'),
    caption: trans.__('Show the runs beside the notebook, and back'),
    describedBy: { args: { type: 'object', properties: {} } },
    icon: flaskIcon,
    execute: async () => {
      if (host.isVisible && host.hasFocus) {
        desk.focusNotebook();
      } else {
        app.shell.activateById(host.id);
        await host.focusRows();
      }
    }
  });
  palette?.addItem({ command, category: trans.__('Experiments') });
}

/** Add the panel's commands, and all but a few to the palette. */
export function addPanelCommands(desk: PanelDesk): void {
  const { trans } = desk;
  const looks = {
    ...looksOfOne(trans),
    ...looksOfMany(trans),
    ...looksOfPanel(trans)
  };
  addOpenPanel(desk);
  addInsertCode(desk);
  for (const [id, look] of Object.entries(looks)) {
    addRunCommand(desk, id, look);
  }
}
