import { describe, expect, it } from 'vitest';
import { isSuperseded, Latest } from '../latest';

describe('Latest', () => {
  it('drops the answer of an older call that arrives last', async () => {
    const latest = new Latest();
    let answerFirst: (value: string) => void = () => undefined;
    const first = latest.run(
      () => new Promise<string>(resolve => (answerFirst = resolve))
    );
    const second = latest.run(async () => 'second');
    answerFirst('first');
    await expect(first).rejects.toSatisfy(isSuperseded);
    await expect(second).resolves.toBe('second');
  });

  it('aborts the older call', async () => {
    const latest = new Latest();
    const signals: AbortSignal[] = [];
    const forever = latest.run(signal => {
      signals.push(signal);
      return new Promise<never>((_, reject) =>
        signal.addEventListener('abort', () => reject(new Error('aborted')))
      );
    });
    void latest.run(async () => undefined);
    await expect(forever).rejects.toSatisfy(isSuperseded);
    expect(signals[0].aborted).toBe(true);
  });

  it('passes on the failure of the newest call', async () => {
    await expect(
      new Latest().run(() => Promise.reject(new Error('no')))
    ).rejects.toThrow('no');
  });
});
