import type { Column } from './runtable';

const ENDING = '#number';

/** Name of the column that repeats a param as numbers, for sorting. */
export function twinName(key: string): string {
  return `params.${key}${ENDING}`;
}

/** Does a column only repeat the numbers of a param? Then nobody is to see it. */
export function isTwin(name: string, column: Column): boolean {
  // A param may itself be called so; its values are texts.
  return (
    column.kind === 'number' &&
    name.startsWith('params.') &&
    name.endsWith(ENDING)
  );
}
