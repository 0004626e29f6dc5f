import type { FilterProblem } from '../mlflow/filter';
import type { Changed } from './changed';

/** The part of JupyterLab's translation bundle that is asked here. */
export type Translate = Readonly<{
  __: (message: string, ...values: unknown[]) => string;
  _n: (
    singular: string,
    plural: string,
    ...values: [count: number, ...others: unknown[]]
  ) => string;
}>;

/** What is wrong with a filter, as a sentence. */
export function filterSentence(
  problem: FilterProblem,
  trans: Translate
): string {
  const { after } = problem;
  switch (problem.expected) {
    case 'number':
      return trans.__('Expected a number after `%1`', after);
    case 'text':
    case 'value':
      return trans.__('Expected a text in quotes after `%1`', after);
    case 'list':
      return trans.__('Expected a list in brackets after `%1`', after);
    case 'comparison':
      return trans.__(
        'Expected a comparison such as `<` or `=` after `%1`',
        after
      );
    case 'key':
      return trans.__('Expected a key after `%1`', after);
    default:
      return structureSentence(problem, trans);
  }
}

function structureSentence(problem: FilterProblem, trans: Translate): string {
  const { after } = problem;
  switch (problem.expected) {
    case 'and':
      return trans.__('Expected `and` or `or` after `%1`', after);
    case 'bracket':
      return trans.__('Expected `)` after `%1`', after);
    case 'quote':
      return trans.__('Expected a closing quote after `%1`', after);
    default:
      return after
        ? trans.__(
            'Expected `metrics.`, `params.`, `tags.` or `status` after `%1`',
            after
          )
        : trans.__('Expected `metrics.`, `params.`, `tags.` or `status`');
  }
}

/** What changed in a run: `lr 0.003`, `lr 0.003 +2`, `edited`, `5 runs`. */
export function changedText(changed: Changed, trans: Translate): string {
  switch (changed.kind) {
    case 'first':
      return trans.__('first');
    case 'same':
      return trans.__('same');
    case 'edited':
      return trans.__('edited');
    case 'children':
      return trans._n(
        '%1 run',
        '%1 runs',
        changed.childCount,
        changed.childCount
      );
    case 'params':
      return [
        changed.label,
        changed.value ?? '–',
        ...(changed.more > 0 ? [`+${changed.more}`] : [])
      ].join(' ');
  }
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `3 min before`: how long one moment lies before another. */
export function beforeText(spanMs: number, trans: Translate): string {
  const span = Math.abs(spanMs);
  if (span < MINUTE) {
    return trans.__('%1 s before', Math.round(span / 1000));
  }
  if (span < HOUR) {
    return trans.__('%1 min before', Math.round(span / MINUTE));
  }
  return span < DAY
    ? trans.__('%1 h before', Math.round(span / HOUR))
    : trans._n('%1 day before', '%1 days before', Math.round(span / DAY));
}
