import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CONTRACT } from '../contract';

describe('the contract', () => {
  it('is the same in both languages', () => {
    const file = new URL(
      '../../jupyterlab_experiments/contract.json',
      import.meta.url
    );
    expect(CONTRACT).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });
});
