/**
 * Names that cross a border between processes: `contract.json` of the Python
 * package as a typed constant. A test holds the two equal.
 */
export const CONTRACT = {
  protocol: 1,
  package: 'jupyterlab-experiments',
  routes: {
    base: 'jupyterlab-experiments',
    status: 'status',
    kernelPart: 'kernel-part',
    connections: 'connections',
    runsTable: 'runs-table',
    keys: 'keys',
    metricHistory: 'metric-history',
    artifacts: 'artifacts'
  },
  defaultConnection: 'default',
  commId: 'jupyterlab-experiments',
  runMimeType: 'application/vnd.jupyter.mlflow-run.v1+json',
  notebookMetadataKey: 'experiments',
  eventSchemaId: 'https://events.jupyterlab-experiments.dev/store-changed/v1',
  environment: {
    runtimeFolder: 'JUPYTERLAB_EXPERIMENTS_RUNTIME',
    notebookPath: 'JUPYTERLAB_EXPERIMENTS_NOTEBOOK',
    activeRunFile: 'JUPYTERLAB_EXPERIMENTS_ACTIVE_RUN',
    disabled: 'JUPYTERLAB_EXPERIMENTS_DISABLED'
  },
  tags: {
    notebookId: 'jupyter.notebook_id',
    notebookPath: 'jupyter.notebook_path',
    cellId: 'jupyter.cell_id',
    cellHash: 'jupyter.cell_hash',
    kernelId: 'jupyter.kernel_id',
    executionCount: 'jupyter.execution_count',
    error: 'jupyter.error'
  },
  mlflowTags: {
    runName: 'mlflow.runName',
    user: 'mlflow.user',
    parentRunId: 'mlflow.parentRunId',
    note: 'mlflow.note.content',
    sourceName: 'mlflow.source.name',
    sourceType: 'mlflow.source.type',
    gitCommit: 'mlflow.source.git.commit',
    gitBranch: 'mlflow.source.git.branch',
    gitDirty: 'mlflow.source.git.dirty',
    gitRepository: 'mlflow.source.git.repoURL'
  },
  frameColumns: [
    'run_id',
    'run_name',
    'status',
    'start_time',
    'end_time',
    'user_id',
    'lifecycle_stage',
    'experiment_id',
    'parent_run_id',
    'notebook_id',
    'notebook_path',
    'cell_id',
    'source_name',
    'source_type'
  ]
} as const;
