import type { Comparison, Expression, FilterEntity } from './filter';

const PREFIX: Readonly<Record<FilterEntity, string>> = {
  attribute: 'attributes.',
  metric: 'metrics.',
  param: 'params.',
  tag: 'tags.',
  dataset: 'datasets.'
};

/** An expression in MLflow's filter language. */
export function printFilter(expression: Expression): string {
  switch (expression.kind) {
    case 'comparison':
      return printComparison(expression);
    case 'not':
      return `NOT ${printInner(expression.term)}`;
    default:
      return expression.terms
        .map(printInner)
        .join(expression.kind === 'and' ? ' AND ' : ' OR ');
  }
}

/** A key as a filter may name it: in backticks where it needs them. */
export function printKey(entity: FilterEntity, key: string): string {
  const isPlain = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(key);
  const quote = key.includes('`') ? '"' : '`';
  return PREFIX[entity] + (isPlain ? key : quote + key + quote);
}

/** Can a server of MLflow itself read this? It knows `and` only. */
export function isMlflowFilter(expression: Expression): boolean {
  return expression.kind === 'and'
    ? expression.terms.every(term => term.kind === 'comparison')
    : expression.kind === 'comparison';
}

function printInner(expression: Expression): string {
  const text = printFilter(expression);
  const isJoined = expression.kind === 'and' || expression.kind === 'or';
  return isJoined ? `(${text})` : text;
}

function printComparison(comparison: Comparison): string {
  const { entity, key, operator, value } = comparison;
  const left = `${printKey(entity, key)} ${operator}`;
  if (value === null) {
    return left;
  }
  return typeof value === 'object'
    ? `${left} (${value.map(printValue).join(', ')})`
    : `${left} ${printValue(value)}`;
}

function printValue(value: number | string): string {
  if (typeof value === 'number') {
    return String(value);
  }
  // MLflow has no escape: the quote that the text does not hold.
  return value.includes("'") && !value.includes('"')
    ? `"${value}"`
    : `'${value.split("'").join("''")}'`;
}
