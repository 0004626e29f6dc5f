import { CONTRACT } from '../contract';
import type { RunId } from '../mlflow/entities';
import { newestFirst, prependRuns, TableEdit } from './edit';
import { inLifecycle } from './merge';
import type { RunPatch } from './patch';
import { isOlder } from './patch';
import type { RunTable, TextColumn } from './runtable';
import { numberAt, wordAt } from './runtable';
import type { RunSelection } from './source';
import { twinName } from './twins';

/** What live patches may change in a table. */
export type PatchRules = Readonly<{
  selection: RunSelection;
  /** Tags that are columns `tags.<key>` of the table. */
  tagKeys: ReadonlySet<string>;
  /** Start of a run that did not say when it started. */
  nowMs: number;
}>;

const { tags: OURS, mlflowTags: THEIRS } = CONTRACT;

/** Columns of the frame that are tags of the run. */
const FRAME_TAGS: ReadonlyMap<string, string> = new Map([
  [OURS.notebookId, 'notebook_id'],
  [OURS.notebookPath, 'notebook_path'],
  [OURS.cellId, 'cell_id'],
  [THEIRS.parentRunId, 'parent_run_id'],
  [THEIRS.sourceName, 'source_name'],
  [THEIRS.sourceType, 'source_type'],
  [THEIRS.runName, 'run_name'],
  [THEIRS.user, 'user_id']
]);

/** True when what a patch says of its run puts it into a selection. */
export function isSelected(patch: RunPatch, selection: RunSelection): boolean {
  const { notebook, experimentIds } = selection;
  if (notebook) {
    const id = patch.tags.get(OURS.notebookId);
    return id !== undefined
      ? id === notebook.id
      : patch.tags.get(OURS.notebookPath) === notebook.path;
  }
  return (
    !experimentIds ||
    (patch.experimentId !== undefined &&
      experimentIds.includes(patch.experimentId))
  );
}

/** Whether a run may be put into the table on the word of a patch alone. */
function canJoin(patch: RunPatch, { selection }: PatchRules): boolean {
  return (
    patch.event !== 'deleted' &&
    selection.viewType !== 'DELETED_ONLY' &&
    (patch.event === 'created' || patch.experimentId !== undefined) &&
    isSelected(patch, selection)
  );
}

/** The table with what kernels wrote, new runs in front. */
export function applyPatches(
  table: RunTable,
  patches: readonly RunPatch[],
  rules: PatchRules
): RunTable {
  const joining = joiningRuns(table, patches, rules);
  const grown = prependRuns(table, [...joining].reverse());
  const edit = new TableEdit(grown);
  for (const patch of patches) {
    const row = grown.rows.get(patch.runId);
    if (row !== undefined) {
      // Only the first patch of a run brings what every run has.
      const isFirst = joining.delete(patch.runId);
      const writer = new RowWriter(edit, row, rules);
      writer.write(isFirst ? withDefaults(patch, rules) : patch);
    }
  }
  const edited = edit.finish();
  return edited === table
    ? table
    : inLifecycle(newestFirst(edited), rules.selection.viewType);
}

function joiningRuns(
  table: RunTable,
  patches: readonly RunPatch[],
  rules: PatchRules
): Set<RunId> {
  const joining = new Set<RunId>();
  for (const patch of patches) {
    if (!table.rows.has(patch.runId) && canJoin(patch, rules)) {
      joining.add(patch.runId);
    }
  }
  return joining;
}

function withDefaults(patch: RunPatch, { nowMs }: PatchRules): RunPatch {
  return {
    ...patch,
    status: patch.status ?? 'RUNNING',
    startTimeMs: patch.startTimeMs ?? nowMs
  };
}

/** Writes one patch into one row. */
class RowWriter {
  constructor(
    private readonly _edit: TableEdit,
    private readonly _row: number,
    private readonly _rules: PatchRules
  ) {}

  write(patch: RunPatch): void {
    this._writeTags(patch);
    this._writeFrame(patch);
    for (const [key, { value }] of patch.metrics) {
      this._edit.setNumber(`metrics.${key}`, this._row, value);
    }
    for (const [key, value] of patch.params) {
      this._edit.setText(`params.${key}`, this._row, value);
      this._edit.setNumberIfThere(twinName(key), this._row, value);
    }
  }

  private _writeFrame(patch: RunPatch): void {
    this._text('run_name', patch.runName);
    this._text('experiment_id', patch.experimentId);
    this._text('status', patch.status);
    this._text('user_id', patch.userId);
    this._number('start_time', patch.startTimeMs);
    this._number('end_time', patch.endTimeMs);
    if (patch.event !== 'updated' && patch.event !== 'ended') {
      const isDeleted = patch.event === 'deleted';
      this._text('lifecycle_stage', isDeleted ? 'deleted' : 'active');
    }
  }

  private _writeTags(patch: RunPatch): void {
    for (const [key, value] of patch.tags) {
      this._tag(key, value);
    }
    for (const key of patch.deletedTags) {
      this._tag(key, null);
    }
  }

  private _tag(key: string, value: string | null): void {
    const frame = FRAME_TAGS.get(key);
    if (frame !== undefined) {
      this._edit.setText(frame, this._row, value);
    }
    if (this._rules.tagKeys.has(key)) {
      this._edit.setText(`tags.${key}`, this._row, value);
    }
  }

  private _text(name: string, value: string | undefined): void {
    if (value !== undefined) {
      this._edit.setText(name, this._row, value);
    }
  }

  private _number(name: string, value: number | undefined): void {
    if (value !== undefined) {
      this._edit.setNumber(name, this._row, value);
    }
  }
}

/** Two patches of one run as one; what the later says holds. */
export function joinPatches(earlier: RunPatch, later: RunPatch): RunPatch {
  const tags = new Map(earlier.tags);
  later.deletedTags.forEach(key => tags.delete(key));
  later.tags.forEach((value, key) => tags.set(key, value));
  const deletedTags = [...earlier.deletedTags, ...later.deletedTags];
  // What a patch does not say must not undo what another said.
  const said = Object.entries(later).filter(([, value]) => value !== undefined);
  return {
    ...earlier,
    ...Object.fromEntries(said),
    event: joinedEvent(earlier.event, later.event),
    metrics: joinMetrics(earlier.metrics, later.metrics),
    params: new Map([...earlier.params, ...later.params]),
    tags,
    deletedTags: [...new Set(deletedTags)].filter(key => !tags.has(key)),
    models: [...earlier.models, ...later.models]
  };
}

type Metrics = RunPatch['metrics'];

/** The later values, but where the earlier ones stand after them. */
function joinMetrics(earlier: Metrics, later: Metrics): Metrics {
  const joined = new Map(earlier);
  for (const [key, metric] of later) {
    const known = earlier.get(key);
    const isLate = known !== undefined && isOlder(metric, known);
    joined.set(key, isLate ? { ...known, points: metric.points } : metric);
  }
  return joined;
}

type RunEvent = RunPatch['event'];

function joinedEvent(earlier: RunEvent, later: RunEvent): RunEvent {
  const saysStage = later !== 'updated' && later !== 'ended';
  // Whether the run is there outweighs that it changed.
  return saysStage || earlier === 'updated' || earlier === 'ended'
    ? later
    : earlier;
}

/** After this time a run that did not end counts as left open. */
const LEFT_OPEN_MS = 7 * 24 * 3600 * 1000;

/** True when a row of the table is a run that still goes on. */
export function hasRunning(table: RunTable, nowMs: number): boolean {
  const status = table.columns.get('status');
  if (status?.kind !== 'text') {
    return false;
  }
  const starts = table.columns.get('start_time');
  const running = runningCodes(status);
  return status.codes.some(
    (code, row) =>
      running.has(code) &&
      (numberAt(starts, row) ?? nowMs) > nowMs - LEFT_OPEN_MS
  );
}

function runningCodes(status: TextColumn): ReadonlySet<number> {
  const codes = new Set<number>();
  for (let code = 0; code + 1 < status.offsets.length; code++) {
    const word = wordAt(status, code);
    if (word === 'RUNNING' || word === 'SCHEDULED') {
      codes.add(code);
    }
  }
  return codes;
}
