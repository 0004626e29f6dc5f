import type { RunTable, TextColumn } from '../runtable/runtable';
import { textAt } from '../runtable/runtable';
import { rowsBefore } from './before';
import { keyWords } from './columns';
import { nestingOf } from './tree';

/** What a run has of its own, against the run before it. */
export type Changed = Readonly<{
  kind: 'first' | 'same' | 'edited' | 'params' | 'children';
  /** The param that differs, else empty. */
  key: string;
  /** The key, or its initials where these are unique. */
  label: string;
  /** Null where the run lacks the param. */
  value: string | null;
  before: string | null;
  /** How many params differ beyond this one. */
  more: number;
  /** How many child runs a parent has. */
  childCount: number;
  /** Row it is compared with, or -1. */
  comparedRow: number;
}>;

type Param = Readonly<{ key: string; column: TextColumn }>;

const params = new WeakMap<RunTable, readonly Param[]>();

/** What changed in the run of a row, in the fewest words. */
export function changedOf(table: RunTable, row: number): Changed {
  const { compared } = rowsBefore(table);
  const childCount = nestingOf(table).childCounts[row];
  const comparedRow = compared[row];
  const base = { ...NOTHING, childCount, comparedRow };
  if (childCount > 0) {
    return { ...base, kind: 'children' };
  }
  if (comparedRow < 0 || !isComparable(table, row, comparedRow)) {
    return { ...base, kind: 'first', comparedRow: -1 };
  }
  const differing = paramsOf(table).filter(({ column }) =>
    differs(column, row, comparedRow)
  );
  if (differing.length === 0) {
    const isEdited = isCodeEdited(table, row, comparedRow);
    return { ...base, kind: isEdited ? 'edited' : 'same' };
  }
  return { ...base, ...describe(table, row, differing), kind: 'params' };
}

const NOTHING = { key: '', label: '', value: null, before: null, more: 0 };

/** A param that both have says more than one that came or went. */
function describe(
  table: RunTable,
  row: number,
  differing: readonly Param[]
): Pick<Changed, 'key' | 'label' | 'value' | 'before' | 'more'> {
  const other = rowsBefore(table).compared[row];
  const hasBoth = ({ column }: Param): boolean =>
    column.codes[row] >= 0 && column.codes[other] >= 0;
  const shown =
    differing.find(hasBoth) ??
    differing.find(({ column }) => column.codes[row] >= 0) ??
    differing[0];
  const borne = paramsOf(table).filter(
    ({ column }) => column.codes[row] >= 0 || column.codes[other] >= 0
  );
  return {
    key: shown.key,
    label: shortenKey(
      shown.key,
      borne.map(({ key }) => key)
    ),
    value: textAt(shown.column, row),
    before: textAt(shown.column, other),
    more: differing.length - 1
  };
}

/**
 * Runs of another cell are comparable only where both have a param in common:
 * else all of them would count as changed.
 */
function isComparable(table: RunTable, row: number, other: number): boolean {
  const { before, isSameCell } = rowsBefore(table);
  if (isSameCell[row] || before[row] !== other) {
    return true;
  }
  const borne = paramsOf(table).filter(({ column }) => column.codes[row] >= 0);
  return (
    borne.length === 0 || borne.some(({ column }) => column.codes[other] >= 0)
  );
}

function isCodeEdited(table: RunTable, row: number, other: number): boolean {
  const column = table.columns.get('tags.jupyter.cell_hash');
  return (
    column?.kind === 'text' &&
    // Of a run without a hash it is not known.
    column.codes[row] >= 0 &&
    column.codes[other] >= 0 &&
    differs(column, row, other)
  );
}

function differs(column: TextColumn, row: number, other: number): boolean {
  // Merged dictionaries may hold a word twice: other codes, the same text.
  return (
    column.codes[row] !== column.codes[other] &&
    textAt(column, row) !== textAt(column, other)
  );
}

function paramsOf(table: RunTable): readonly Param[] {
  const found = params.get(table) ?? readParams(table);
  params.set(table, found);
  return found;
}

function readParams(table: RunTable): readonly Param[] {
  const found: Param[] = [];
  for (const [name, column] of table.columns) {
    if (name.startsWith('params.') && column.kind === 'text') {
      found.push({ key: name.slice('params.'.length), column });
    }
  }
  return found.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** `learning_rate` as `lr`, where no other key has these initials. */
export function shortenKey(key: string, keys: readonly string[]): string {
  const initials = initialsOf(key);
  if (initials.length < 2) {
    return key;
  }
  const isTaken = keys.some(
    other =>
      other !== key && (other === initials || initialsOf(other) === initials)
  );
  return isTaken ? key : initials;
}

function initialsOf(key: string): string {
  return keyWords(key)
    .map(word => word[0])
    .join('');
}
