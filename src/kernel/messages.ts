import type { RunPatch } from '../runtable/patch';

/** What a kernel says about itself whenever it changes. */
export type KernelState = Readonly<{
  kernelId: string;
  notebookId: string;
  notebookPath: string;
  packageVersion: string;
  /** Null: the kernel has no MLflow. */
  mlflowVersion: string | null;
  /** `told`: our connection; `own`: the user's URI; `none`: nothing could be set. */
  trackingKind: 'told' | 'own' | 'none';
  /** The connection in use, null when it is the user's own URI. */
  connectionId: string | null;
  /** Masked, for people: `local · mlflow.db`. */
  trackingLabel: string;
  /** Grows whenever the kernel has written its tracking URI anew. */
  trackingRevision: number;
  /** Why nothing was set; a code of contract with the kernel, or null. */
  reason: string | null;
  experiment: Readonly<{
    id: string | null;
    name: string;
    chosenBy: 'user' | 'notebook' | 'default';
  }> | null;
  isAutologging: boolean;
  activeRunId: string | null;
}>;

export type RegistryNotice = Readonly<{
  name: string;
  version: string | null;
  runId: string | null;
}>;

export type ExperimentNotice = Readonly<{
  experimentId: string;
  name: string | null;
  event: 'created' | 'renamed' | 'deleted' | 'restored';
}>;

/** One message from a kernel, decoded. */
export type LiveMessage =
  | Readonly<{ kind: 'state'; state: KernelState }>
  | Readonly<{ kind: 'run'; connectionId: string | null; patch: RunPatch }>
  | Readonly<{ kind: 'registry'; notice: RegistryNotice }>
  | Readonly<{ kind: 'experiment'; notice: ExperimentNotice }>;

/** What the browser tells a kernel; encoded as JSON in a silent request. */
export type Telling = Readonly<{
  protocol: number;
  /** From the server's root, without a drive. */
  notebook_path: string;
  notebook_id: string;
  connection_id: string;
  /** Name of an experiment chosen for this notebook in the panel, or null. */
  experiment_name: string | null;
  /** `notebook`, `none`, or a template such as `team/{path}`. */
  default_experiment: string;
}>;
