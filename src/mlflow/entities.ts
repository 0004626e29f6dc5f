/**
 * MLflow's entities as read-only data, in the words of its REST API
 * (https://mlflow.org/docs/latest/rest-api.html), camelCased.
 */

export type RunId = string;
export type ExperimentId = string;

export type RunStatus =
  'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED';

export type LifecycleStage = 'active' | 'deleted';

export type Tag = Readonly<{ key: string; value: string }>;

export type Param = Readonly<{ key: string; value: string }>;

/** A number with its position; of a run, the latest value of each key. */
export type Metric = Readonly<{
  key: string;
  /** May be NaN or ±Infinity (MLflow keeps infinities as ±1.797…e308). */
  value: number;
  step: number;
  timestampMs: number;
}>;

export type DatasetInput = Readonly<{
  name: string;
  digest: string;
  sourceType: string;
  source: string;
  schema: string | null;
  profile: string | null;
  /** Value of tag `mlflow.data.context`, such as `training`. */
  context: string | null;
}>;

/** A logged model as the run's outputs name it. */
export type ModelOutput = Readonly<{ modelId: string; step: number }>;

export type Run = Readonly<{
  runId: RunId;
  runName: string;
  experimentId: ExperimentId;
  status: RunStatus;
  startTimeMs: number | null;
  endTimeMs: number | null;
  userId: string;
  lifecycleStage: LifecycleStage;
  artifactUri: string;
  metrics: readonly Metric[];
  params: readonly Param[];
  tags: readonly Tag[];
  datasetInputs: readonly DatasetInput[];
  modelOutputs: readonly ModelOutput[];
}>;

export type Experiment = Readonly<{
  experimentId: ExperimentId;
  name: string;
  artifactLocation: string;
  lifecycleStage: LifecycleStage;
  creationTimeMs: number | null;
  lastUpdateTimeMs: number | null;
  tags: readonly Tag[];
}>;

export type LoggedModel = Readonly<{
  modelId: string;
  name: string;
  experimentId: ExperimentId;
  sourceRunId: RunId | null;
  artifactUri: string;
  status: string;
  creationTimeMs: number | null;
  tags: readonly Tag[];
}>;

export type Alias = Readonly<{ alias: string; version: string }>;

export type RegisteredModel = Readonly<{
  name: string;
  description: string;
  creationTimeMs: number | null;
  lastUpdatedTimeMs: number | null;
  latestVersions: readonly ModelVersion[];
  aliases: readonly Alias[];
  tags: readonly Tag[];
}>;

export type ModelVersion = Readonly<{
  name: string;
  version: string;
  runId: RunId | null;
  /** Parsed out of a source such as `models:/m-…`; null for older sources. */
  modelId: string | null;
  source: string;
  status: string;
  /** MLflow's older word, still sent by servers that have it. */
  stage: string;
  aliases: readonly string[];
  description: string;
  creationTimeMs: number | null;
  tags: readonly Tag[];
}>;

export type ArtifactFile = Readonly<{
  path: string;
  isFolder: boolean;
  sizeBytes: number | null;
}>;

/** One value of one metric of one run. */
export type HistoryPoint = Readonly<{
  step: number;
  timestampMs: number;
  value: number;
}>;

/** Values of one metric of one run, by step. */
export type MetricHistory = Readonly<{
  runId: RunId;
  key: string;
  points: readonly HistoryPoint[];
}>;
