import { CommandIDs } from '../commands';
import type { MenuEntry } from '../ui/menu';
import type { PanelParts } from './parts';

const GROUPS: readonly (readonly string[])[] = [
  [CommandIDs.showCell, CommandIDs.compareWithBefore],
  [CommandIDs.renameRun, CommandIDs.editNote, CommandIDs.editTags],
  [CommandIDs.copyRunId],
  [CommandIDs.stopRun, CommandIDs.deleteRuns, CommandIDs.restoreRuns]
];

/** Entries of the menu ⋯ of the selected run. */
export function runEntries(parts: PanelParts): readonly MenuEntry[] {
  const { commands, trans } = parts.options;
  const runId = parts.model.runs.selectedRunId ?? undefined;
  const entryOf = (id: string): MenuEntry => {
    const args = runId === undefined ? {} : { runId, runIds: [runId] };
    return {
      label: commands.label(id, args),
      isEnabled: commands.isEnabled(id, args),
      run: () => void commands.execute(id, args)
    };
  };
  const groups = GROUPS.map(ids =>
    ids.filter(id => commands.hasCommand(id)).map(entryOf)
  ).filter(group => group.length > 0);
  const insert = snippetEntries(parts, runId);
  return [
    ...groups[0],
    { label: trans.__('Insert code'), entries: insert },
    ...groups.slice(1).flatMap(group => ['separator' as const, ...group])
  ];
}

function snippetEntries(
  parts: PanelParts,
  runId: string | undefined
): readonly MenuEntry[] {
  const { commands, trans } = parts.options;
  const snippets = [
    ['params', trans.__('Params as a dict')],
    ['loadModel', trans.__('Load the model')],
    ['history', trans.__('Metric history as a DataFrame')],
    ['table', trans.__('This table')]
  ] as const;
  return snippets.map(([snippet, label]) => {
    const args = runId === undefined ? { snippet } : { snippet, runId };
    return {
      label,
      isEnabled: commands.isEnabled(CommandIDs.insertCode, args),
      run: () => void commands.execute(CommandIDs.insertCode, args)
    };
  });
}
