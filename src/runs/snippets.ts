import type { Param, RunId } from '../mlflow/entities';
import type { Expression } from '../mlflow/filter';
import { isMlflowFilter, printFilter } from '../mlflow/filterprinter';
import type { RunSelection } from '../runtable/source';
import type { SortKey } from './sort';

/** A Python string literal that means exactly this text. */
export function pythonString(text: string): string {
  // JSON's escapes are Python's too; lone surrogates come out as \ud83d.
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    char => '\\u' + char.charCodeAt(0).toString(16).padStart(4, '0')
  );
}

/** A param's value as a Python literal: a number, True, None, else text. */
export function pythonLiteral(value: string): string {
  const isNumber = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(value);
  return isNumber || /^(True|False|None)$/.test(value)
    ? value
    : pythonString(value);
}

/** The params of a run as a dict. */
export function paramsSnippet(params: readonly Param[]): string {
  const lines = params.map(
    ({ key, value }) => `    ${pythonString(key)}: ${pythonLiteral(value)},\n`
  );
  return lines.length === 0 ? 'params = {}' : `params = {\n${lines.join('')}}`;
}

/** Which model to load: MLflow 3 gives it an id, older runs a path. */
export type ModelAddress =
  | Readonly<{ modelId: string }>
  | Readonly<{ runId: RunId; path: string }>
  | Readonly<{ name: string; version: string }>;

/** URI by which MLflow finds a model. */
export function modelUri(model: ModelAddress): string {
  if ('modelId' in model) {
    return `models:/${model.modelId}`;
  }
  return 'path' in model
    ? `runs:/${model.runId}/${model.path}`
    : `models:/${model.name}/${model.version}`;
}

/** The lines that load a model. */
export function loadModelSnippet(model: ModelAddress): string {
  const uri = pythonString(modelUri(model));
  return `import mlflow\n\nmodel = mlflow.pyfunc.load_model(${uri})`;
}

/**
 * The line that logs a model. The flavor is the library that logged the run by
 * itself, else scikit-learn; before MLflow 3 models have a path, not a name.
 */
export function logModelSnippet(
  flavor: string | null,
  hasLoggedModels: boolean
): string {
  const isModule = flavor !== null && /^[a-z_][a-z0-9_]*$/.test(flavor);
  const name = hasLoggedModels ? 'name="model"' : '"model"';
  const library = isModule ? flavor : 'sklearn';
  return `import mlflow\n\nmlflow.${library}.log_model(model, ${name})`;
}

/** The lines after which runs sample the machine each second. */
export const SYSTEM_METRICS_SNIPPET = [
  'import mlflow',
  '',
  'mlflow.enable_system_metrics_logging()',
  'mlflow.set_system_metrics_sampling_interval(1)'
].join('\n');

/** The lines that give metric histories of a run as a DataFrame. */
export function historySnippet(runId: RunId, keys: readonly string[]): string {
  return [
    'import mlflow',
    'import pandas as pd',
    '',
    'client = mlflow.MlflowClient()',
    'history = pd.DataFrame(',
    '    [',
    '        {"key": key, "step": point.step, "value": point.value, "timestamp": point.timestamp}',
    `        for key in [${keys.map(pythonString).join(', ')}]`,
    `        for point in client.get_metric_history(${pythonString(runId)}, key)`,
    '    ]',
    ')',
    'history'
  ].join('\n');
}

/** What a table shows. */
export type ShownTable = Readonly<{
  selection: RunSelection;
  /** The filter where it is an expression, else null. */
  filter: Expression | null;
  sort: readonly SortKey[];
  /** The matching runs, in case MLflow cannot filter by the same. */
  runIds: readonly RunId[];
  isFiltered: boolean;
}>;

/** Longest list of run ids that a snippet spells out. */
const MOST_RUN_IDS = 200;

/** The line that gives the same table as a DataFrame. */
export function tableSnippet(shown: ShownTable): string {
  const { experimentIds } = shown.selection;
  const filter = filterString(shown);
  const order = shown.sort.flatMap(orderOf);
  const lines = [
    experimentIds
      ? `    experiment_ids=[${experimentIds.map(pythonString).join(', ')}],`
      : '    search_all_experiments=True,',
    ...(filter ? [`    filter_string=${pythonString(filter)},`] : []),
    ...(order.length > 0 ? [`    order_by=[${order.join(', ')}],`] : [])
  ];
  return `import mlflow\n\nruns = mlflow.search_runs(\n${lines.join('\n')}\n)\nruns`;
}

function filterString(shown: ShownTable): string {
  const { filter, selection, runIds, isFiltered } = shown;
  const clauses: string[] = [];
  if (selection.notebook) {
    const id = selection.notebook.id.split("'").join("''");
    clauses.push(`tags.\`jupyter.notebook_id\` = '${id}'`);
  }
  if (filter && isMlflowFilter(filter)) {
    clauses.push(printFilter(filter));
  } else if (isFiltered && runIds.length > 0 && runIds.length <= MOST_RUN_IDS) {
    const listed = runIds.map(runId => `'${runId}'`).join(', ');
    return `attributes.run_id IN (${listed})`;
  }
  return clauses.join(' AND ');
}

function orderOf({ column, direction }: SortKey): readonly string[] {
  const dot = column.indexOf('.');
  const attributes = [
    'start_time',
    'end_time',
    'run_name',
    'status',
    'user_id'
  ];
  if (dot < 0 && !attributes.includes(column)) {
    return [];
  }
  const name =
    dot < 0
      ? `attributes.${column}`
      : `${column.slice(0, dot)}.\`${column.slice(dot + 1)}\``;
  return [
    pythonString(`${name} ${direction === 'ascending' ? 'ASC' : 'DESC'}`)
  ];
}
