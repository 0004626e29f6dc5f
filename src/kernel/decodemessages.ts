import type { Fields } from '../mlflow/fields';
import {
  fieldsOf,
  list,
  member,
  numberOf,
  numberOrNull,
  requiredText,
  text,
  textOrNull
} from '../mlflow/fields';
import type { MetricPatch, RunPatch } from '../runtable/patch';
import type { KernelState, LiveMessage } from './messages';

/** The protocol that this page speaks, of contract.json. */
const PROTOCOL = 1;

type Decoder = (content: Fields) => LiveMessage;

const DECODERS: Readonly<Record<string, Decoder>> = {
  state: content => ({ kind: 'state', state: toState(content) }),
  run: content => ({
    kind: 'run',
    connectionId: textOrNull(content, 'connection_id'),
    patch: toPatch(content)
  }),
  registry: content => ({
    kind: 'registry',
    notice: {
      name: requiredText(content, 'name'),
      version: textOrNull(content, 'version'),
      runId: textOrNull(content, 'run_id')
    }
  }),
  experiment: content => ({
    kind: 'experiment',
    notice: {
      experimentId: requiredText(content, 'experiment_id'),
      name: textOrNull(content, 'name'),
      event: oneOf(content.event, ['created', 'renamed', 'deleted', 'restored'])
    }
  })
};

/**
 * Decode what a kernel published; throws with the reason where it is not of
 * the protocol.
 */
export function decodeLiveMessage(content: unknown): LiveMessage {
  const fields = fieldsOf(content);
  const { protocol } = fields;
  const kind = text(fields, 'kind');
  const decode = Object.hasOwnProperty.call(DECODERS, kind)
    ? DECODERS[kind]
    : null;
  if (protocol !== PROTOCOL || !decode) {
    throw new Error(`no message of protocol ${PROTOCOL}: ${protocol}, ${kind}`);
  }
  return decode(fields);
}

function toState(state: Fields): KernelState {
  return {
    kernelId: requiredText(state, 'kernel_id'),
    notebookId: text(state, 'notebook_id'),
    notebookPath: text(state, 'notebook_path'),
    packageVersion: text(state, 'package_version'),
    mlflowVersion: textOrNull(state, 'mlflow_version'),
    trackingKind: oneOf(state.tracking_kind, ['told', 'own', 'none']),
    connectionId: textOrNull(state, 'connection_id'),
    trackingLabel: text(state, 'tracking_label'),
    trackingRevision: numberOrNull(state, 'tracking_revision') ?? 0,
    reason: textOrNull(state, 'reason'),
    experiment: state.experiment ? toExperiment(state.experiment) : null,
    isAutologging: state.is_autologging === true,
    activeRunId: textOrNull(state, 'active_run_id')
  };
}

function toExperiment(value: unknown): KernelState['experiment'] {
  const experiment = fieldsOf(value);
  return {
    id: textOrNull(experiment, 'id'),
    name: text(experiment, 'name'),
    chosenBy: oneOf(experiment.chosen_by, ['user', 'notebook', 'default'])
  };
}

function toPatch(run: Fields): RunPatch {
  return {
    runId: requiredText(run, 'run_id'),
    event: oneOf(run.event, [
      'created',
      'updated',
      'ended',
      'deleted',
      'restored'
    ]),
    ...toInfo(member(run, 'info')),
    metrics: toMetrics(member(run, 'metrics'), member(run, 'points')),
    params: toTexts(member(run, 'params')),
    tags: toTexts(member(run, 'tags')),
    deletedTags: elements(run.deleted_tags ?? []).map(String),
    models: list(run, 'models', model => ({
      modelId: requiredText(model, 'model_id'),
      name: text(model, 'name')
    }))
  };
}

/** Only what is there: what is absent did not change. */
function toInfo(info: Fields): Partial<RunPatch> {
  const status = info.status ?? null;
  const all = {
    runName: textOrNull(info, 'run_name'),
    experimentId: textOrNull(info, 'experiment_id'),
    status: status === null ? null : oneOf(status, STATUSES),
    startTimeMs: numberOrNull(info, 'start_time'),
    endTimeMs: numberOrNull(info, 'end_time'),
    userId: textOrNull(info, 'user_id')
  };
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== null)
  );
}

const STATUSES = [
  'RUNNING',
  'SCHEDULED',
  'FINISHED',
  'FAILED',
  'KILLED'
] as const;

function toMetrics(
  metrics: Fields,
  points: Fields
): ReadonlyMap<string, MetricPatch> {
  const patches = Object.entries(metrics).map(([key, metric]) => {
    const [value, step, timestampMs] = numbers(metric, 3);
    const known = Object.hasOwnProperty.call(points, key)
      ? elements(points[key]).map(point => numbers(point, 2))
      : [[step, value]];
    const pairs = known.map(([at, y]) => ({ step: at, value: y }));
    return [key, { value, step, timestampMs, points: pairs }] as const;
  });
  return new Map(patches);
}

function toTexts(fields: Fields): ReadonlyMap<string, string> {
  return new Map(Object.keys(fields).map(key => [key, text(fields, key)]));
}

function elements(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : refuse(value);
}

/** So many numbers; the kernel sends the names of those that JSON lacks. */
function numbers(value: unknown, count: number): readonly number[] {
  const all = elements(value);
  return all.length === count
    ? all.map(element => numberOf(element) ?? refuse(element))
    : refuse(value);
}

function oneOf<T extends string>(value: unknown, names: readonly T[]): T {
  return names.find(name => name === value) ?? refuse(value);
}

function refuse(value: unknown): never {
  throw new Error(`not of the protocol: ${JSON.stringify(value)}`);
}
