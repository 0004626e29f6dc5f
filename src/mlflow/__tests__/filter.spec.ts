import { describe, expect, it } from 'vitest';
import type { FilterProblem } from '../filter';
import { FilterError, isPlainWords, parseFilter } from '../filter';
import { isMlflowFilter, printFilter } from '../filterprinter';

function problemOf(text: string): FilterProblem {
  try {
    parseFilter(text);
  } catch (error) {
    if (error instanceof FilterError) {
      return error.problem;
    }
    throw error;
  }
  throw new Error(`No problem in ${text}`);
}

describe('parseFilter', () => {
  it('reads a comparison with a metric', () => {
    expect(parseFilter('metrics.loss < 0.5')).toEqual({
      kind: 'comparison',
      entity: 'metric',
      key: 'loss',
      operator: '<',
      value: 0.5
    });
  });

  it.each([
    ['metrics.`val loss`<=-1e-3', 'metrics.`val loss` <= -0.001'],
    ['params."train-data-path" = "a"', "params.`train-data-path` = 'a'"],
    ["param.lr = 'it''s'", 'params.lr = "it\'s"'],
    ['tags.mlflow.user ILIKE "%ana%"', "tags.`mlflow.user` ILIKE '%ana%'"],
    ["status = 'FINISHED'", "attributes.status = 'FINISHED'"],
    ["run_id in ('a', 'b')", "attributes.run_id IN ('a', 'b')"],
    ['params.x is not null', 'params.x IS NOT NULL'],
    ['params.x IS NULL', 'params.x IS NULL'],
    ["status not in ('FAILED')", "attributes.status NOT IN ('FAILED')"],
    ['start_time >= 1700000000000', 'attributes.start_time >= 1700000000000']
  ])('prints %s as MLflow reads it', (text, printed) => {
    expect(printFilter(parseFilter(text))).toBe(printed);
  });

  it('binds and closer than or, and brackets closest', () => {
    const text =
      'metrics.a > 1 or metrics.b > 2 and not (metrics.c > 3 or metrics.d > 4)';
    expect(printFilter(parseFilter(text))).toBe(
      'metrics.a > 1 OR (metrics.b > 2 AND NOT (metrics.c > 3 OR metrics.d > 4))'
    );
  });

  it('knows what a server of MLflow can read', () => {
    const filter = (text: string): boolean => isMlflowFilter(parseFilter(text));
    expect(filter("metrics.a > 1 and params.b = '2'")).toBe(true);
    expect(filter('metrics.a > 1 or metrics.a < 0')).toBe(false);
  });

  it.each([
    ['metrics.loss <', 'number', 'metrics.loss <', 14],
    ["metrics.loss < 'x'", 'number', 'metrics.loss <', 15],
    ['metrics.loss < 1 and params.lr =', 'text', 'params.lr =', 32],
    ['metrics.loss', 'comparison', 'metrics.loss', 12],
    ['metrics.', 'key', 'metrics.', 8],
    ['metrics.loss < 1 metrics.b > 1', 'and', 'metrics.loss < 1', 17],
    ['metrics.loss < 1 and', 'entity', 'metrics.loss < 1 and', 20],
    ["params.a = 'x", 'quote', "'x", 13],
    ['(metrics.a > 1', 'bracket', 'metrics.a > 1', 14],
    ['run_id in "a"', 'list', 'run_id in', 10],
    ['network metrics.a > 1', 'entity', '', 0]
  ])('says what is missing in %s', (text, ...problem) => {
    const [expected, after, position] = problem;
    expect(problemOf(text)).toEqual({ expected, after, position });
  });
});

describe('isPlainWords', () => {
  it.each([
    '',
    'network',
    'network 0.3',
    'status',
    'ana name',
    'run 5',
    "it's",
    'lr=0.3',
    'metrics'
  ])('takes “%s” for words', text => expect(isPlainWords(text)).toBe(true));

  it.each([
    'metrics.loss < 1',
    'metrics.',
    '(params.a = "b")',
    "status = 'X'",
    'not metrics.a > 1',
    "run_name LIKE 'x'"
  ])('takes “%s” for an expression', text =>
    expect(isPlainWords(text)).toBe(false)
  );
});
