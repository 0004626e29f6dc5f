/**
 * Public contract: what other plugins may ask for. Implementations are in
 * `tracking/` and `association/`.
 */
import { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import type { MlflowClient } from './mlflow/client';
import type { HistoryPoint, ModelVersion, RunId } from './mlflow/entities';
import type { RunPatch } from './runtable/patch';
import type { RunTable } from './runtable/runtable';
import type { IRunSource, RunKeys, RunSelection } from './runtable/source';

/**
 * State of a connection: `absent` is a store that does not exist yet (the
 * first run makes it), `idle` one whose server is not started.
 */
export type ConnectionState =
  | 'absent'
  | 'idle'
  | 'starting'
  | 'ready'
  | 'unavailable'
  | 'refused'
  | 'schema'
  | 'forbidden';

/** Who brought a connection: `kernel` is one that a kernel turned to by itself. */
export type ConnectionSource = 'administrator' | 'user' | 'notebook' | 'kernel';

/**
 * What can be done about a connection's state: `upgrade` its schema after a
 * backup, `copy` a folder of files into SQLite, `sqlite-uri` write another URI.
 */
export type Remedy = 'upgrade' | 'copy' | 'sqlite-uri';

/** A tracking URI the user may pick; holds no credential. */
export type Connection = Readonly<{
  id: string;
  /** For people, masked: `local · mlflow.db`, `team · mlflow.example.org`. */
  label: string;
  /** `child`: served by a process of the Jupyter server; `remote`: http(s). */
  kind: 'child' | 'remote';
  state: ConnectionState;
  /** Salted hash of the normalised tracking URI: key of the cache. */
  storeId: string;
  /** Others may read or deploy from it: registering asks first. */
  isShared: boolean;
  /** What is wrong, in words, or null. */
  message: string | null;
  /** Since when it has this state. */
  sinceMs: number;
  /** Address of MLflow's own page; null for local stores. */
  pageUrl: string | null;
  source: ConnectionSource;
  /** The user added it, and may take it away. */
  canRemove: boolean;
  /** Of the tracking URI: `sqlite`, `postgresql`, `file`, `http`, …; may be empty. */
  scheme: string;
  remedies: readonly Remedy[];
}>;

/** What a user gives to add a connection; may hold a password, so it is never kept. */
export type ConnectionDraft = Readonly<{
  trackingUri: string;
  registryUri: string;
  /** Empty: the server finds a name. */
  label: string;
}>;

/** What trying a connection showed. */
export type ConnectionTest = Readonly<{
  isOk: boolean;
  /** `ok`, `no-host`, `login`, …: as listed in docs/architecture.md. */
  diagnosis: string;
  /** A sentence of what is wrong. */
  message: string;
  /** A sentence of what to do, or null. */
  remedy: string | null;
  mlflowVersion: string | null;
}>;

/** How far an upgrade or a copy has come. */
export type MaintenanceTask = Readonly<{
  state: 'running' | 'done' | 'failed';
  message: string;
  /** The new one of a copy. */
  connection: Connection | null;
}>;

/** What a user does to connections. Each call may throw an MlflowError. */
export interface IConnectionDesk {
  /** Stores that lie beside a notebook or in the root folder. */
  find(notebookPath: string): Promise<readonly Connection[]>;
  add(draft: ConnectionDraft): Promise<Connection>;
  /** Keep one that was found, as if the user had added it. */
  keep(connectionId: string): Promise<Connection>;
  remove(connectionId: string): Promise<void>;
  /** Undo of `remove`, while the server runs. */
  restore(connectionId: string): Promise<Connection>;
  test(
    what: string | ConnectionDraft,
    signal?: AbortSignal
  ): Promise<ConnectionTest>;
  /** Starts a task; its id is for `task`. */
  maintain(connectionId: string, what: 'upgrade' | 'copy'): Promise<string>;
  task(taskId: string): Promise<MaintenanceTask>;
  /** Last lines of a connection's tracking server. */
  log(connectionId: string): Promise<string>;
}

/** How fresh the rows of a view are. */
export type Freshness = Readonly<{
  /** `cached`: as last seen; `loading`; `current`; `stale`: the store does not answer. */
  phase: 'cached' | 'loading' | 'current' | 'stale';
  /** When the store last answered for these rows; null: never. */
  asOfMs: number | null;
  /** Sentence for people of the last failure, or null. */
  error: string | null;
  /** When it is asked again, after a failure. */
  nextTryMs: number | null;
  /** It answered, but not with the rows: `error` says what. */
  isAnswering?: boolean;
}>;

/** The runs of one selection: shown from the cache, then kept current. */
export interface IRunView extends IDisposable {
  readonly selection: RunSelection;
  readonly table: RunTable;
  readonly keys: RunKeys;
  readonly freshness: Freshness;
  /** Emitted after rows, keys or freshness changed; at most once a frame. */
  readonly changed: ISignal<IRunView, void>;
  /** Ask the store now. */
  refresh(): Promise<void>;
  /** While false the view asks nothing (panel hidden, page in background). */
  isVisible: boolean;
}

/** One open connection. */
export interface ISession extends IDisposable {
  readonly connection: Connection;
  readonly client: MlflowClient;
  readonly source: IRunSource;
  /** A view of a selection; equal selections share their rows. Dispose it. */
  openView(selection: RunSelection): IRunView;
  /** Model versions registered from each run, as far as known. */
  readonly registrations: ReadonlyMap<RunId, readonly ModelVersion[]>;
  readonly registrationsChanged: ISignal<ISession, void>;
  /** Read registrations again, after registering or undoing it. */
  refreshRegistrations(): Promise<void>;
  /** Address of an artifact for the browser itself; a folder is a zip there. */
  artifactAddress(runId: RunId, path: string): string;
  /** Points of a live run's metric that this page has seen arrive. */
  liveCurve(runId: RunId, key: string): readonly HistoryPoint[];
  /** A run changed, by a kernel's word or by this page. */
  readonly runChanged: ISignal<ISession, RunPatch>;
  /** Merge what a kernel wrote, or what this page wrote itself. */
  receive(patch: RunPatch): void;
}

/** Which connections there are, and which one is open. */
export interface ITracking {
  readonly connections: readonly Connection[];
  /** The panel's; null before the server's first answer without a cache. */
  readonly session: ISession | null;
  /** False when the server part is missing; null while unknown. */
  readonly hasServer: boolean | null;
  /** Connections, their state, or the open session changed. */
  readonly changed: ISignal<ITracking, void>;
  /** A session by connection id, opened if need be; lives as long as tracking. */
  sessionOf(connectionId: string): ISession | null;
  /** Make this connection the panel's. */
  select(connectionId: string): Promise<void>;
  /** Resolve the tracking URI that a kernel wrote down to a connection. */
  connectionOfKernel(kernelId: string): Promise<Connection | null>;
  /** Ask the server for connections and their states again. */
  refresh(): Promise<void>;
  /** The administrator lets users add connections. */
  readonly mayAdd: boolean;
  /** MLflow of the server's environment, as last told. */
  readonly mlflowVersion: string | null;
  /** For adding, removing, trying and mending connections. */
  desk(): Promise<IConnectionDesk>;
}

/** What is known of the kernel of a notebook. */
export type NotebookKernel = Readonly<{
  id: string;
  /** Kernelspec's language, lower case; `python` can be told. */
  language: string;
  isBusy: boolean;
  /** When it was last told, or null. */
  toldAtMs: number | null;
  hasMlflow: boolean | null;
  trackingKind: 'told' | 'own' | 'none' | null;
  connectionId: string | null;
  trackingLabel: string;
  reason: string | null;
  experimentName: string | null;
  experimentId: string | null;
  isAutologging: boolean;
  activeRunId: RunId | null;
}>;

/** One open notebook, followed through rename, move and kernel restart. */
export interface INotebookContext {
  readonly notebookId: string;
  /** From the server's root. */
  readonly path: string;
  /** Without folder and suffix. */
  readonly name: string;
  /** Connection whose store its runs go to. */
  readonly connectionId: string;
  readonly kernel: NotebookKernel | null;
  /** Path, id, kernel or its state changed. */
  readonly changed: ISignal<INotebookContext, void>;
  /** Execution count of a cell now, null when it has none. */
  executionCount(cellId: string): number | null;
  hasCell(cellId: string): boolean;
  /** Scroll to a cell and light it up for a moment; false if it is gone. */
  showCell(cellId: string): boolean;
  /** Id of the active cell, or null. */
  readonly activeCellId: string | null;
  /** New code cell below the active one, selected, not run. */
  insertCode(source: string): void;
  /** Log this notebook's runs to an experiment, made if it does not exist. */
  chooseExperiment(name: string): Promise<void>;
  /** Log this notebook's runs to another connection. */
  chooseConnection(connectionId: string): Promise<void>;
  /** Turn autologging in the kernel on or off. */
  setAutologging(isOn: boolean): Promise<void>;
  interrupt(): Promise<void>;
  /** Give the focus back to the notebook. */
  focus(): void;
}

/** The open notebooks, and the one the panel follows. */
export interface INotebookRuns {
  readonly current: INotebookContext | null;
  /** Another notebook became current, or the current one changed. */
  readonly changed: ISignal<INotebookRuns, void>;
  /** The open notebook with this id, or null. */
  find(notebookId: string): INotebookContext | null;
}

export const ITracking = new Token<ITracking>(
  'jupyterlab-experiments:ITracking',
  'The MLflow connections on offer and the session of the open one.'
);

export const INotebookRuns = new Token<INotebookRuns>(
  'jupyterlab-experiments:INotebookRuns',
  'The open notebooks, tied to the runs they made.'
);
