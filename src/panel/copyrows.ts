import { printNumber } from '../base/format';
import type { RunId } from '../mlflow/entities';
import type { RunTable } from '../runtable/runtable';
import { numberAt, textAt } from '../runtable/runtable';
import { isTwin } from '../runtable/twins';
import type { CopiedTable } from './copytable';
import { printHtml, printMarkdown, printTsv } from './copytable';

function cellText(table: RunTable, name: string, row: number): string {
  const column = table.columns.get(name);
  const number = numberAt(column, row);
  if (number === null) {
    return textAt(column, row) ?? '';
  }
  return name.endsWith('_time')
    ? new Date(number).toISOString()
    : printNumber(number);
}

function isValue(name: string): boolean {
  return /^(metrics|params)\./.test(name);
}

function isBorne(
  table: RunTable,
  name: string,
  rows: readonly number[]
): boolean {
  return rows.some(row => cellText(table, name, row) !== '');
}

/** The runs with their metrics and params, full values. */
export function copiedTable(
  table: RunTable,
  runIds: readonly RunId[]
): CopiedTable {
  const rows = runIds.flatMap(runId => table.rows.get(runId) ?? []);
  const values = [...table.columns]
    .filter(([name, column]) => isValue(name) && !isTwin(name, column))
    .map(([name]) => name)
    .filter(name => isBorne(table, name, rows))
    .sort();
  const names = ['run_name', 'status', 'start_time', ...values, 'run_id'];
  return {
    header: names.map(name => name.replace(/^(metrics|params)\./, '')),
    rows: rows.map(row => names.map(name => cellText(table, name, row)))
  };
}

/** Put a table on the clipboard as TSV (plain), HTML and Markdown. */
export async function copyTable(table: CopiedTable): Promise<void> {
  const blob = (type: string, text: string): Blob => new Blob([text], { type });
  const kinds: Record<string, Blob> = {
    'text/plain': blob('text/plain', printTsv(table)),
    'text/html': blob('text/html', printHtml(table))
  };
  // Few browsers take kinds of their own; the two above all of them do.
  if (ClipboardItem.supports?.('web text/markdown')) {
    const text = printMarkdown(table);
    kinds['web text/markdown'] = blob('web text/markdown', text);
  }
  await navigator.clipboard.write([new ClipboardItem(kinds)]);
}
