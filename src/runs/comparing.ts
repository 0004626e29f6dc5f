import type { Comparison } from '../mlflow/filter';
import type { Column, NumberColumn, TextColumn } from '../runtable/runtable';
import { wordAt } from '../runtable/runtable';

/** 1 for each row whose value in a column stands the comparison. */
export function compareColumn(
  column: Column | undefined,
  comparison: Comparison,
  rowCount: number
): Uint8Array {
  if (!column) {
    return new Uint8Array(rowCount).fill(
      comparison.operator === 'IS NULL' ? 1 : 0
    );
  }
  return column.kind === 'number'
    ? compareNumbers(column, comparison)
    : compareTexts(column, comparison);
}

function compareNumbers(
  column: NumberColumn,
  comparison: Comparison
): Uint8Array {
  const test = numberTest(comparison);
  const isNullWanted = comparison.operator === 'IS NULL' ? 1 : 0;
  const matches = new Uint8Array(column.values.length);
  for (let row = 0; row < matches.length; row++) {
    const isMissing = column.missing?.[row];
    matches[row] = isMissing ? isNullWanted : Number(test(column.values[row]));
  }
  return matches;
}

function numberTest(comparison: Comparison): (value: number) => boolean {
  const { operator, value } = comparison;
  const wanted = Number(value);
  switch (operator) {
    case '=':
      return value => value === wanted;
    case '!=':
      return value => value !== wanted;
    case '<':
      return value => value < wanted;
    case '<=':
      return value => value <= wanted;
    case '>':
      return value => value > wanted;
    case '>=':
      return value => value >= wanted;
    default:
      return listTest(comparison);
  }
}

/** IN and NOT IN of numbers, and the tests for null. */
function listTest({ operator, value }: Comparison): (value: number) => boolean {
  const wanted = new Set(Array.isArray(value) ? value.map(Number) : []);
  switch (operator) {
    case 'IN':
      return value => wanted.has(value);
    case 'NOT IN':
      return value => !wanted.has(value);
    default:
      return () => operator === 'IS NOT NULL';
  }
}

/** Each word of the dictionary is tested once, however many rows bear it. */
function compareTexts(column: TextColumn, comparison: Comparison): Uint8Array {
  const test = textTest(comparison);
  const wordCount = column.offsets.length - 1;
  const stands = new Uint8Array(wordCount);
  for (let code = 0; code < wordCount; code++) {
    stands[code] = Number(test(wordAt(column, code)));
  }
  const isNullWanted = comparison.operator === 'IS NULL' ? 1 : 0;
  const matches = new Uint8Array(column.codes.length);
  for (let row = 0; row < matches.length; row++) {
    const code = column.codes[row];
    matches[row] = code < 0 ? isNullWanted : stands[code];
  }
  return matches;
}

function textTest(comparison: Comparison): (word: string) => boolean {
  const { operator, value } = comparison;
  const wanted = String(value);
  switch (operator) {
    case '=':
      return word => word === wanted;
    case '!=':
      return word => word !== wanted;
    case 'LIKE':
      return matcher(wanted, 'su');
    case 'ILIKE':
      return matcher(wanted, 'sui');
    case 'IN':
      return word => listed(value).includes(word);
    case 'NOT IN':
      return word => !listed(value).includes(word);
    default:
      return orderTest(comparison);
  }
}

/** `<` and the like between a text that holds a number and a number. */
function orderTest(comparison: Comparison): (word: string) => boolean {
  if (comparison.operator.startsWith('IS')) {
    return () => comparison.operator === 'IS NOT NULL';
  }
  const test = numberTest(comparison);
  return word => word.trim() !== '' && test(Number(word));
}

function listed(value: Comparison['value']): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** SQL's LIKE: % is any text, _ any character. */
function matcher(pattern: string, flags: string): (word: string) => boolean {
  const source = pattern
    .replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
    .replace(/%/g, '.*')
    .replace(/_/g, '.');
  const regex = new RegExp(`^${source}$`, flags);
  return word => regex.test(word);
}
