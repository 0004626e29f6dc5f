/**
 * Every command id, with the type of its arguments.
 */
import type { RunId } from './mlflow/entities';

export namespace CommandIDs {
  export const openPanel = 'experiments:open-panel';
  export const openExperiment = 'experiments:open-experiment';
  export const openRun = 'experiments:open-run';
  export const compareRuns = 'experiments:compare-runs';
  export const compareWithBefore = 'experiments:compare-with-before';
  export const registerModel = 'experiments:register-model';
  export const openModel = 'experiments:open-model';
  export const openModels = 'experiments:open-models';
  export const renameRun = 'experiments:rename-run';
  export const editNote = 'experiments:edit-note';
  export const editTags = 'experiments:edit-tags';
  export const deleteRuns = 'experiments:delete-runs';
  export const restoreRuns = 'experiments:restore-runs';
  export const copyRunId = 'experiments:copy-run-id';
  export const copyRows = 'experiments:copy-rows';
  export const insertCode = 'experiments:insert-code';
  export const showCell = 'experiments:show-cell';
  export const selectRun = 'experiments:select-run';
  export const stopRun = 'experiments:stop-run';
  export const insertExample = 'experiments:insert-example';
  export const filterRuns = 'experiments:filter-runs';
  export const wrapCell = 'experiments:wrap-cell';
  export const latestRunOfCell = 'experiments:select-latest-run';
  export const compareCellRuns = 'experiments:compare-cell-runs';
  export const refresh = 'experiments:refresh-runs';
  export const openSelected = 'experiments:open-selected-run';
  export const compareSelected = 'experiments:compare-selected-runs';
  export const showSelectedCell = 'experiments:show-selected-cell';
  export const registerSelected = 'experiments:register-selected-run';
}

/** Common to all: the connection, by default the open one. */
type OnConnection = Readonly<{ connectionId?: string }>;

export type OpenExperimentArgs = OnConnection &
  Readonly<{ experimentId: string }>;

export type OpenRunArgs = OnConnection & Readonly<{ runId: RunId }>;

export type CompareRunsArgs = OnConnection &
  Readonly<{
    runs?: readonly Readonly<{ runId: RunId; connectionId?: string }>[];
    /** Shorthand for runs of one connection. */
    runIds?: readonly RunId[];
  }>;

export type RegisterModelArgs = OnConnection &
  Readonly<{
    runId?: RunId;
    /** With a name it registers at once, without a dialog. */
    name?: string;
    alias?: string;
    /** Which logged model, where the run has several. */
    modelId?: string;
  }>;

export type OpenModelArgs = OnConnection & Readonly<{ name: string }>;

/** Commands that act on one run: the selected one when there is no argument. */
export type RunArgs = OnConnection & Readonly<{ runId?: RunId }>;

/** Commands that act on several: the checked ones when there is no argument. */
export type RunsArgs = OnConnection & Readonly<{ runIds?: readonly RunId[] }>;

export type InsertCodeArgs = RunArgs &
  Readonly<{
    snippet:
      | 'params'
      | 'loadModel'
      | 'history'
      | 'table'
      | 'logModel'
      | 'systemMetrics';
  }>;

export type ShowCellArgs = Readonly<{ runId?: RunId; cellId?: string }>;
