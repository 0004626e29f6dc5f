import type { RunTable, TextColumn } from '../runtable/runtable';
import { wordAt } from '../runtable/runtable';

/** Text of a dictionary, lower case, in which words are searched. */
type Haystack =
  | Readonly<{ kind: 'whole'; text: string }>
  | Readonly<{ kind: 'parts'; parts: readonly string[] }>;

const decoder = new TextDecoder();
const haystacks = new WeakMap<TextColumn, Haystack>();
/** Columns of the frame that a person may name. */
const FRAME = ['run_name', 'run_id', 'user_id'];
/** MLflow's own tags are noise, but for what people wrote. */
const READABLE_TAGS = ['tags.mlflow.note.content'];

/** Words of a search, lower case; text in double quotes is one word. */
export function splitWords(text: string): readonly string[] {
  return Array.from(
    text.toLowerCase().matchAll(/"([^"]*)"?|(\S+)/g),
    ([, quoted, word]) => quoted ?? word
  ).filter(word => word !== '');
}

/** 1 for each row that has the word in its name, params or tags. */
export function wordMatches(table: RunTable, word: string): Uint8Array {
  const matches = new Uint8Array(table.rowCount);
  for (const [name, column] of table.columns) {
    if (column.kind === 'text' && isSearched(name)) {
      markRows(matches, column, codesWith(column, word));
    }
  }
  markPair(table, word, matches);
  return matches;
}

function isSearched(name: string): boolean {
  return (
    FRAME.includes(name) ||
    READABLE_TAGS.includes(name) ||
    name.startsWith('params.') ||
    (name.startsWith('tags.') && !/^tags\.(mlflow|jupyter)\./.test(name))
  );
}

/** `units=32` also means: that param, that value. */
function markPair(table: RunTable, word: string, matches: Uint8Array): void {
  const split = word.indexOf('=');
  if (split <= 0) {
    return;
  }
  const names = ['params.', 'tags.'].map(p => p + word.slice(0, split));
  for (const [name, column] of table.columns) {
    if (column.kind === 'text' && names.includes(name.toLowerCase())) {
      const value = word.slice(split + 1);
      const codes = codesWith(column, value).map((hit, code) =>
        hit && wordAt(column, code).toLowerCase() === value ? 1 : 0
      );
      markRows(matches, column, codes);
    }
  }
}

function markRows(
  matches: Uint8Array,
  column: TextColumn,
  hits: Uint8Array
): void {
  for (let row = 0; row < matches.length; row++) {
    const code = column.codes[row];
    if (code >= 0 && hits[code]) {
      matches[row] = 1;
    }
  }
}

/** 1 for each word of a dictionary that contains the text. */
export function codesWith(column: TextColumn, text: string): Uint8Array {
  const hits = new Uint8Array(column.offsets.length - 1);
  const haystack = haystacks.get(column) ?? makeHaystack(column);
  haystacks.set(column, haystack);
  if (haystack.kind === 'parts') {
    return hits.map((_, code) => Number(haystack.parts[code].includes(text)));
  }
  let code = 0;
  let at = haystack.text.indexOf(text);
  while (at >= 0 && code < hits.length) {
    while (column.offsets[code + 1] <= at) {
      code++;
    }
    // A hit that runs over into the next word is none.
    const isInside = at + text.length <= column.offsets[code + 1];
    hits[code] |= Number(isInside);
    at = haystack.text.indexOf(
      text,
      isInside ? column.offsets[code + 1] : at + 1
    );
  }
  return hits;
}

function makeHaystack(column: TextColumn): Haystack {
  const { bytes, offsets } = column;
  const count = offsets.length - 1;
  const start = offsets[0] ?? 0;
  const text = decoder.decode(bytes.subarray(start, offsets[count]));
  const lower = text.toLowerCase();
  // Positions are bytes only where each character is one.
  if (start === 0 && lower.length === offsets[count] - start) {
    return { kind: 'whole', text: lower };
  }
  const parts = Array.from({ length: count }, (_, code) =>
    wordAt(column, code).toLowerCase()
  );
  return { kind: 'parts', parts };
}
