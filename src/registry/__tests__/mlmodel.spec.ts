import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readMlmodel } from '../mlmodel';

const recorded = (name: string): string =>
  readFileSync(`testdata/mlmodel/${name}`, 'utf-8');

describe('readMlmodel', () => {
  it('counts the columns of a signature that YAML folded over many lines', () => {
    expect(readMlmodel(recorded('cloudpickle')).signature).toEqual({
      inputs: { columnCount: 64, type: null },
      outputs: { columnCount: 1, type: 'long' }
    });
  });

  it('tells a pickle from a format that runs no code', () => {
    expect(readMlmodel(recorded('cloudpickle')).isPickle).toBe(true);
    expect(readMlmodel(recorded('skops')).isPickle).toBe(false);
  });

  it('reads flavor and size, and says null where there is no signature', () => {
    expect(readMlmodel(recorded('skops'))).toEqual({
      flavor: 'sklearn',
      sizeBytes: 30587,
      isPickle: false,
      signature: null
    });
  });

  it('reads tensors, quotes and text that is no MLmodel', () => {
    const text = [
      'flavors:',
      '  python_function:',
      '    python_model: python_model.pkl',
      'signature:',
      `  inputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 28]},`,
      `    "name": "it''s"}]'`,
      '  outputs: null'
    ].join('\n');
    expect(readMlmodel(text)).toEqual({
      flavor: null,
      sizeBytes: null,
      isPickle: true,
      signature: {
        inputs: { columnCount: 1, type: 'tensor float32' },
        outputs: null
      }
    });
    expect(readMlmodel('<html>').signature).toBeNull();
  });
});
