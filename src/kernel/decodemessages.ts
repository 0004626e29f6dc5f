import * as v from 'valibot';
import type { MetricPatch, RunPatch } from '../runtable/patch';
import type { KernelState, LiveMessage } from './messages';

/** The protocol that this page speaks, of contract.json. */
const PROTOCOL = 1;

const optionalText = v.optional(v.nullable(v.string()), null);
// JSON has no such numbers: the kernel sends their names.
const number = v.union([
  v.number(),
  v.pipe(
    v.picklist(['NaN', 'Infinity', '-Infinity']),
    v.transform(name => Number(name))
  )
]);
const texts = v.optional(v.record(v.string(), v.string()), {});

const stateSchema = v.object({
  kernel_id: v.string(),
  notebook_id: v.string(),
  notebook_path: v.string(),
  package_version: v.optional(v.string(), ''),
  mlflow_version: optionalText,
  tracking_kind: v.picklist(['told', 'own', 'none']),
  connection_id: optionalText,
  tracking_label: v.optional(v.string(), ''),
  tracking_revision: v.optional(v.number(), 0),
  reason: optionalText,
  experiment: v.optional(
    v.nullable(
      v.object({
        id: optionalText,
        name: v.string(),
        chosen_by: v.picklist(['user', 'notebook', 'default'])
      })
    ),
    null
  ),
  is_autologging: v.optional(v.boolean(), false),
  active_run_id: optionalText
});

const infoSchema = v.object({
  run_name: v.nullish(v.string()),
  experiment_id: v.nullish(v.string()),
  status: v.nullish(
    v.picklist(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'])
  ),
  start_time: v.nullish(v.number()),
  end_time: v.nullish(v.number()),
  user_id: v.nullish(v.string())
});

const runSchema = v.object({
  connection_id: optionalText,
  run_id: v.string(),
  event: v.picklist(['created', 'updated', 'ended', 'deleted', 'restored']),
  info: v.optional(infoSchema, {}),
  metrics: v.optional(
    v.record(v.string(), v.tuple([number, v.number(), v.number()])),
    {}
  ),
  points: v.optional(
    v.record(v.string(), v.array(v.tuple([v.number(), number]))),
    {}
  ),
  params: texts,
  tags: texts,
  deleted_tags: v.optional(v.array(v.string()), []),
  models: v.optional(
    v.array(v.object({ model_id: v.string(), name: v.string() })),
    []
  )
});

const registrySchema = v.object({
  name: v.string(),
  version: optionalText,
  run_id: optionalText
});

const experimentSchema = v.object({
  experiment_id: v.string(),
  name: optionalText,
  event: v.picklist(['created', 'renamed', 'deleted', 'restored'])
});

type Decoder = (content: unknown) => LiveMessage;

const DECODERS: Readonly<Record<string, Decoder>> = {
  state: content => ({
    kind: 'state',
    state: toState(v.parse(stateSchema, content))
  }),
  run: content => {
    const run = v.parse(runSchema, content);
    return {
      kind: 'run',
      connectionId: run.connection_id,
      patch: toPatch(run)
    };
  },
  registry: content => {
    const { name, version, run_id } = v.parse(registrySchema, content);
    return { kind: 'registry', notice: { name, version, runId: run_id } };
  },
  experiment: content => {
    const { experiment_id, name, event } = v.parse(experimentSchema, content);
    const notice = { experimentId: experiment_id, name, event };
    return { kind: 'experiment', notice };
  }
};

/**
 * Decode what a kernel published; throws with the reason where it is not of
 * the protocol.
 */
export function decodeLiveMessage(content: unknown): LiveMessage {
  const { protocol, kind } = v.parse(
    v.object({ protocol: v.number(), kind: v.string() }),
    content
  );
  const decode = Object.hasOwnProperty.call(DECODERS, kind)
    ? DECODERS[kind]
    : null;
  if (protocol !== PROTOCOL || !decode) {
    throw new Error(`no message of protocol ${PROTOCOL}: ${protocol}, ${kind}`);
  }
  return decode(content);
}

function toState(state: v.InferOutput<typeof stateSchema>): KernelState {
  const experiment = state.experiment && {
    id: state.experiment.id,
    name: state.experiment.name,
    chosenBy: state.experiment.chosen_by
  };
  return {
    kernelId: state.kernel_id,
    notebookId: state.notebook_id,
    notebookPath: state.notebook_path,
    packageVersion: state.package_version,
    mlflowVersion: state.mlflow_version,
    trackingKind: state.tracking_kind,
    connectionId: state.connection_id,
    trackingLabel: state.tracking_label,
    trackingRevision: state.tracking_revision,
    reason: state.reason,
    experiment,
    isAutologging: state.is_autologging,
    activeRunId: state.active_run_id
  };
}

type RunContent = v.InferOutput<typeof runSchema>;

function toPatch(run: RunContent): RunPatch {
  return {
    runId: run.run_id,
    event: run.event,
    ...toInfo(run.info),
    metrics: toMetrics(run),
    params: new Map(Object.entries(run.params)),
    tags: new Map(Object.entries(run.tags)),
    deletedTags: run.deleted_tags,
    models: run.models.map(({ model_id, name }) => ({
      modelId: model_id,
      name
    }))
  };
}

/** Only what is there: what is absent did not change. */
function toInfo(info: RunContent['info']): Partial<RunPatch> {
  const all = {
    runName: info.run_name,
    experimentId: info.experiment_id,
    status: info.status,
    startTimeMs: info.start_time,
    endTimeMs: info.end_time,
    userId: info.user_id
  };
  const given = Object.entries(all).filter(
    ([, value]) => value !== undefined && value !== null
  );
  return Object.fromEntries(given);
}

function toMetrics(run: RunContent): ReadonlyMap<string, MetricPatch> {
  const metrics = new Map<string, MetricPatch>();
  for (const [key, [value, step, timestampMs]] of Object.entries(run.metrics)) {
    const points = Object.hasOwnProperty.call(run.points, key)
      ? run.points[key].map(([at, y]) => ({ step: at, value: y }))
      : [{ step, value }];
    metrics.set(key, { value, step, timestampMs, points });
  }
  return metrics;
}
