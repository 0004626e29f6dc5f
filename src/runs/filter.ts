import type { Comparison, Expression } from '../mlflow/filter';
import { isPlainWords, parseFilter } from '../mlflow/filter';
import type { RunTable } from '../runtable/runtable';
import { compareColumn } from './comparing';
import { splitWords, wordMatches } from './words';

/** What the filter box says, read. */
export type Filter =
  | Readonly<{ kind: 'words'; words: readonly string[] }>
  | Readonly<{ kind: 'expression'; expression: Expression }>;

/** Lets every run through. */
export const NO_FILTER: Filter = { kind: 'words', words: [] };

/** Plain words, or an expression of MLflow's language; throws FilterError. */
export function readFilter(text: string): Filter {
  return isPlainWords(text)
    ? { kind: 'words', words: splitWords(text) }
    : { kind: 'expression', expression: parseFilter(text) };
}

/** 1 for each row that a filter lets through. */
export function matchingRows(table: RunTable, filter: Filter): Uint8Array {
  if (filter.kind === 'expression') {
    return evaluate(table, filter.expression);
  }
  return filter.words
    .map(word => wordMatches(table, word))
    .reduce(both, new Uint8Array(table.rowCount).fill(1));
}

function evaluate(table: RunTable, expression: Expression): Uint8Array {
  switch (expression.kind) {
    case 'and':
      return expression.terms.map(term => evaluate(table, term)).reduce(both);
    case 'or':
      return expression.terms.map(term => evaluate(table, term)).reduce(either);
    case 'not':
      return evaluate(table, expression.term).map(match => 1 - match);
    case 'comparison':
      return compare(table, expression);
  }
}

function both(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((match, row) => match & b[row]);
}

function either(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((match, row) => match | b[row]);
}

const PREFIX = {
  metric: 'metrics.',
  param: 'params.',
  tag: 'tags.',
  dataset: 'datasets.',
  attribute: ''
} as const;

/** MLflow's names of attributes and those of the frame's columns. */
const ATTRIBUTE_COLUMNS: Readonly<Record<string, string>> = {
  run_uuid: 'run_id',
  created: 'start_time'
};

/** Tags that are columns of the frame. */
const TAG_COLUMNS: Readonly<Record<string, string>> = {
  'mlflow.runName': 'run_name',
  'mlflow.user': 'user_id',
  'mlflow.parentRunId': 'parent_run_id',
  'mlflow.source.name': 'source_name',
  'mlflow.source.type': 'source_type',
  'jupyter.notebook_id': 'notebook_id',
  'jupyter.notebook_path': 'notebook_path',
  'jupyter.cell_id': 'cell_id'
};

function columnName({ entity, key }: Comparison): string {
  if (entity === 'attribute') {
    return ATTRIBUTE_COLUMNS[key] ?? key;
  }
  return PREFIX[entity] + key;
}

function compare(table: RunTable, comparison: Comparison): Uint8Array {
  const frame =
    comparison.entity === 'tag' ? TAG_COLUMNS[comparison.key] : undefined;
  const column =
    table.columns.get(columnName(comparison)) ?? table.columns.get(frame ?? '');
  return compareColumn(column, comparison, table.rowCount);
}
