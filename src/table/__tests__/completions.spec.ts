import { describe, expect, it } from 'vitest';
import { completionsOf, isUnfinished } from '../completions';

const KEYS = ['metrics.val_loss', 'params.train-data-path', 'params.units'];

describe('completionsOf', () => {
  it('completes the last word of an expression', () => {
    expect(completionsOf('metrics.val_loss < 1 and params.u', KEYS)).toEqual([
      'metrics.val_loss < 1 and params.units '
    ]);
  });

  it('puts a key that is no plain word in backticks', () => {
    expect(completionsOf('params.train', KEYS)).toEqual([
      'params.`train-data-path` '
    ]);
  });

  it('leaves plain words alone', () => {
    expect(completionsOf('network', KEYS)).toEqual([]);
  });
});

describe('isUnfinished', () => {
  it('knows the beginning of an expression from a word', () => {
    expect(isUnfinished('metr')).toBe(true);
    expect(isUnfinished('metrics.val_loss')).toBe(true);
    expect(isUnfinished('met')).toBe(false);
    expect(isUnfinished('metrics.val_loss < 1')).toBe(false);
    expect(isUnfinished('network')).toBe(false);
  });
});
