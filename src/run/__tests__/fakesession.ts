import { Signal } from '@lumino/signaling';
import type { Run } from '../../mlflow/entities';
import type { RunPatch } from '../../runtable/patch';
import { tableOfValues } from '../../runtable/build';
import type { IRunView, ISession } from '../../tokens';

/** A run for a test. */
export function runOf(changes: Partial<Run> = {}): Run {
  return {
    runId: 'b',
    runName: 'network',
    experimentId: '1',
    status: 'FINISHED',
    startTimeMs: 180_000,
    endTimeMs: 181_400,
    userId: 'ana',
    lifecycleStage: 'active',
    artifactUri: '',
    metrics: [{ key: 'val_accuracy', value: 0.9759, step: 2, timestampMs: 3 }],
    params: [{ key: 'learning_rate', value: '0.003' }],
    tags: [
      { key: 'jupyter.notebook_id', value: 'nb' },
      { key: 'stage', value: 'dev' }
    ],
    datasetInputs: [],
    modelOutputs: [],
    ...changes
  };
}

/** The part of a session that pages use, with the calls that were made. */
export class FakeSession {
  constructor(runs: readonly Run[]) {
    this.runs = new Map(runs.map(run => [run.runId, run]));
  }
  runs: Map<string, Run>;
  calls: string[] = [];
  openViews = 0;
  runChanged = new Signal<ISession, RunPatch>(this.asSession());
  registrationsChanged = new Signal<ISession, void>(this.asSession());
  registrations = new Map();
  connection = { id: 'default' };
  table = tableOfValues({
    run_id: ['a', 'b'],
    run_name: ['network', 'network'],
    status: ['FINISHED', 'FINISHED'],
    start_time: [0, 180_000],
    notebook_id: ['nb', 'nb'],
    cell_id: ['c', 'c'],
    'metrics.val_accuracy': [0.9315, 0.9759],
    'params.learning_rate': ['0.0003', '0.003']
  });
  source = {
    readHistory: async ({
      runIds,
      keys
    }: {
      runIds: string[];
      keys: string[];
    }) =>
      runIds.flatMap(runId =>
        keys.map(key => ({
          runId,
          key,
          points: [0.5, 0.98, 0.9759].map((value, step) => ({
            step,
            value,
            timestampMs: step
          }))
        }))
      )
  };
  client = {
    getRun: async (runId: string): Promise<Run> => {
      const run = this.runs.get(runId);
      if (!run) {
        throw new Error(`No run ${runId}`);
      }
      return run;
    },
    listArtifacts: async (_: string, path: string) =>
      path
        ? []
        : [
            { path: 'confusion_matrix.png', isFolder: false, sizeBytes: 41_000 }
          ],
    searchLoggedModels: async () => [{ name: 'digits', modelId: 'm-1' }],
    setTag: async (...args: string[]) =>
      void this.calls.push(`set ${args.join(' ')}`),
    deleteTag: async (...args: string[]) =>
      void this.calls.push(`delete ${args.join(' ')}`),
    updateRun: async (runId: string, { runName }: { runName: string }) =>
      void this.calls.push(`rename ${runId} ${runName}`)
  };
  liveCurve = () => [];
  artifactAddress = (runId: string, path: string): string =>
    `https://lab/artifacts/${runId}/${path}`;
  openView = (): IRunView => {
    this.openViews++;
    const view = {
      table: this.table,
      isVisible: true,
      dispose: () => void this.openViews--
    } as unknown as IRunView;
    return Object.assign(view, { changed: new Signal<IRunView, void>(view) });
  };
  receive = (patch: RunPatch): void => this.runChanged.emit(patch);
  asSession(): ISession {
    return this as unknown as ISession;
  }
}

/** Resolves when a condition holds; checked at each emission. */
export function until(
  changed: { connect: (slot: () => void) => boolean },
  holds: () => boolean
): Promise<void> {
  return new Promise(resolve => {
    const check = (): void => void (holds() && resolve());
    changed.connect(check);
    check();
  });
}
