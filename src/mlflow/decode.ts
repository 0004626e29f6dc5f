/** Unknown JSON of MLflow's REST API → entities. */
import type {
  Alias,
  ArtifactFile,
  DatasetInput,
  Experiment,
  HistoryPoint,
  LifecycleStage,
  LoggedModel,
  Metric,
  ModelOutput,
  ModelVersion,
  Param,
  RegisteredModel,
  Run,
  RunStatus,
  Tag
} from './entities';
import type { Fields } from './fields';
import {
  fieldsOf,
  list,
  member,
  numberOrNull,
  requiredText,
  text,
  textOrNull
} from './fields';

const STATUSES: readonly RunStatus[] = [
  'RUNNING',
  'SCHEDULED',
  'FINISHED',
  'FAILED',
  'KILLED'
];

/** A run's status; unknown words of other servers count as running. */
export function decodeStatus(value: string | null): RunStatus {
  return STATUSES.find(status => status === value) ?? 'RUNNING';
}

function decodeStage(fields: Fields): LifecycleStage {
  return fields.lifecycle_stage === 'deleted' ? 'deleted' : 'active';
}

/** A tag; its value may be missing on old servers. */
export function decodeTag(fields: Fields): Tag {
  return { key: text(fields, 'key'), value: text(fields, 'value') };
}

function decodeParam(fields: Fields): Param {
  return { key: text(fields, 'key'), value: text(fields, 'value') };
}

function decodeMetric(fields: Fields): Metric {
  return {
    key: text(fields, 'key'),
    value: numberOrNull(fields, 'value') ?? NaN,
    step: numberOrNull(fields, 'step') ?? 0,
    timestampMs: numberOrNull(fields, 'timestamp') ?? 0
  };
}

function decodeDatasetInput(fields: Fields): DatasetInput {
  const dataset = member(fields, 'dataset');
  const tags = list(fields, 'tags', decodeTag);
  return {
    name: text(dataset, 'name'),
    digest: text(dataset, 'digest'),
    sourceType: text(dataset, 'source_type'),
    source: text(dataset, 'source'),
    schema: textOrNull(dataset, 'schema'),
    profile: textOrNull(dataset, 'profile'),
    context: tags.find(tag => tag.key === 'mlflow.data.context')?.value ?? null
  };
}

function decodeModelOutput(fields: Fields): ModelOutput {
  return {
    modelId: text(fields, 'model_id'),
    step: numberOrNull(fields, 'step') ?? 0
  };
}

/** A run with what it holds. */
export function decodeRun(value: unknown): Run {
  const fields = fieldsOf(value);
  const info = member(fields, 'info');
  const content = member(fields, 'data');
  const tags = list(content, 'tags', decodeTag);
  // Servers before 2.0 keep the name in a tag only.
  const nameTag = tags.find(tag => tag.key === 'mlflow.runName')?.value;
  return {
    runId: textOrNull(info, 'run_id') ?? requiredText(info, 'run_uuid'),
    runName: textOrNull(info, 'run_name') ?? nameTag ?? '',
    experimentId: text(info, 'experiment_id'),
    status: decodeStatus(textOrNull(info, 'status')),
    startTimeMs: numberOrNull(info, 'start_time'),
    endTimeMs: numberOrNull(info, 'end_time') || null,
    userId: text(info, 'user_id'),
    lifecycleStage: decodeStage(info),
    artifactUri: text(info, 'artifact_uri'),
    metrics: list(content, 'metrics', decodeMetric),
    params: list(content, 'params', decodeParam),
    tags,
    datasetInputs: list(
      member(fields, 'inputs'),
      'dataset_inputs',
      decodeDatasetInput
    ),
    modelOutputs: list(
      member(fields, 'outputs'),
      'model_outputs',
      decodeModelOutput
    )
  };
}

/** An experiment. */
export function decodeExperiment(value: unknown): Experiment {
  const fields = fieldsOf(value);
  return {
    experimentId: requiredText(fields, 'experiment_id'),
    name: text(fields, 'name'),
    artifactLocation: text(fields, 'artifact_location'),
    lifecycleStage: decodeStage(fields),
    creationTimeMs: numberOrNull(fields, 'creation_time'),
    lastUpdateTimeMs: numberOrNull(fields, 'last_update_time'),
    tags: list(fields, 'tags', decodeTag)
  };
}

/** One value of a metric's history. */
export function decodeHistoryPoint(fields: Fields): HistoryPoint {
  const { value, step, timestampMs } = decodeMetric(fields);
  return { value, step, timestampMs };
}

/** A logged model. */
export function decodeLoggedModel(value: unknown): LoggedModel {
  const fields = fieldsOf(value);
  const info = member(fields, 'info');
  return {
    modelId: requiredText(info, 'model_id'),
    name: text(info, 'name'),
    experimentId: text(info, 'experiment_id'),
    sourceRunId: textOrNull(info, 'source_run_id'),
    artifactUri: text(info, 'artifact_uri'),
    status: text(info, 'status'),
    creationTimeMs: numberOrNull(info, 'creation_timestamp_ms'),
    tags: list(info, 'tags', decodeTag)
  };
}

function decodeAlias(fields: Fields): Alias {
  return { alias: text(fields, 'alias'), version: text(fields, 'version') };
}

/** Id of a logged model in a source such as `models:/m-…`, or null. */
export function modelIdOfSource(source: string): string | null {
  return /^models:\/+(m-[^/]+)$/.exec(source)?.[1] ?? null;
}

/** A version of a registered model. */
export function decodeModelVersion(value: unknown): ModelVersion {
  const fields = fieldsOf(value);
  const source = text(fields, 'source');
  const aliases = fields.aliases;
  return {
    name: requiredText(fields, 'name'),
    version: requiredText(fields, 'version'),
    runId: textOrNull(fields, 'run_id'),
    modelId: textOrNull(fields, 'model_id') ?? modelIdOfSource(source),
    source,
    status: text(fields, 'status'),
    stage: text(fields, 'current_stage'),
    aliases: Array.isArray(aliases) ? aliases.map(String) : [],
    description: text(fields, 'description'),
    creationTimeMs: numberOrNull(fields, 'creation_timestamp'),
    tags: list(fields, 'tags', decodeTag)
  };
}

/** A registered model. */
export function decodeRegisteredModel(value: unknown): RegisteredModel {
  const fields = fieldsOf(value);
  return {
    name: requiredText(fields, 'name'),
    description: text(fields, 'description'),
    creationTimeMs: numberOrNull(fields, 'creation_timestamp'),
    lastUpdatedTimeMs: numberOrNull(fields, 'last_updated_timestamp'),
    latestVersions: list(fields, 'latest_versions', decodeModelVersion),
    aliases: list(fields, 'aliases', decodeAlias),
    tags: list(fields, 'tags', decodeTag)
  };
}

/** A file or folder of a run's or model's artifacts. */
export function decodeArtifactFile(fields: Fields): ArtifactFile {
  return {
    path: requiredText(fields, 'path'),
    isFolder: fields.is_dir === true,
    sizeBytes: numberOrNull(fields, 'file_size')
  };
}
