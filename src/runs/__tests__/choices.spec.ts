import { describe, expect, it } from 'vitest';
import { KeptChoices, choicesOfRun } from '../choices';
import { NO_CHOICES } from '../chosen';

class TestStorage {
  constructor(public text: string | null = null) {}
  getItem = () => this.text;
  setItem = (_: string, text: string) => {
    this.text = text;
  };
}

const CHOSEN = {
  mainMetric: 'loss',
  secondMetric: null,
  directions: { loss: 'higher' as const }
};

describe('KeptChoices', () => {
  it('tells all views of a choice, and keeps it over a reload', () => {
    const storage = new TestStorage();
    const choices = new KeptChoices(storage, 'k');
    let told = 0;
    choices.changed.connect(() => (told += 1));
    choices.keep('nb', CHOSEN);
    choices.keep('nb', { ...CHOSEN });
    expect(told).toBe(1);
    expect(new KeptChoices(storage, 'k').of('nb')).toEqual(CHOSEN);
    expect(choices.of('other')).toBe(NO_CHOICES);
  });

  it('begins anew where what was kept cannot be read', () => {
    for (const text of ['{', 'null', '{"nb": 3}']) {
      const choices = new KeptChoices(new TestStorage(text), 'k');
      expect(choices.of('nb')).toBe(NO_CHOICES);
    }
  });
});

describe('choicesOfRun', () => {
  it('are none without a run or a place to keep them', () => {
    const choices = new KeptChoices(null, 'k');
    expect(choicesOfRun(choices, undefined)).toBe(NO_CHOICES);
    expect(choicesOfRun(null, undefined)).toBe(NO_CHOICES);
  });
});
