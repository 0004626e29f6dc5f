import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { CommandIDs } from '../../commands';
import { CardTables } from '../cardtables';
import type { RunCard } from '../payload';
import { RunCardView } from '../runcard';

const trans = {
  __: (text: string, ...values: unknown[]) =>
    text.replace(/%(\d)/g, (_, place) => String(values[place - 1]))
} as unknown as TranslationBundle;

const CARD: RunCard = {
  runId: 'r1',
  connectionId: 'default',
  name: '<b>network</b>',
  mark: 'finished',
  took: '1.4 s',
  error: null,
  metrics: [
    ['val_accuracy', '0.9759'],
    ['val_loss', '0.0804'],
    ['worst', 'NaN']
  ],
  params: [['learning_rate', '<script>']],
  hasModel: false,
  children: []
};

function render(card: RunCard, ids: readonly string[] = []): string {
  const commands = {
    hasCommand: (id: string) => ids.includes(id)
  } as unknown as CommandRegistry;
  return renderToStaticMarkup(
    <RunCardView card={card} commands={commands} trans={trans} />
  );
}

describe('RunCardView', () => {
  it('is folded to one line of the run, two metrics and two params', () => {
    const line = render(CARD);
    expect(line).toContain('1.4 s');
    expect(line).toContain('0.9759');
    expect(line).toContain('0.0804');
    expect(line).not.toContain('NaN');
    expect(line).not.toContain('<table');
    expect(line).toContain('aria-expanded="false"');
  });

  it('shows everything as text', () => {
    const line = render(CARD);
    expect(line).toContain('&lt;b&gt;network&lt;/b&gt;');
    expect(line).toContain('&lt;script&gt;');
  });

  it('offers only what there is a command for', () => {
    expect(render(CARD)).not.toContain('Register model');
    const line = render(CARD, [CommandIDs.openRun, CommandIDs.registerModel]);
    expect(line).toContain('Open');
    expect(line).toContain('Register model');
  });

  it('dims “Register model” for a run without a model', () => {
    const ids = [CommandIDs.registerModel];
    expect(render(CARD, ids)).toContain('disabled');
    expect(render({ ...CARD, hasModel: true }, ids)).not.toContain('disabled');
  });
});

describe('CardTables', () => {
  it('shows all params, metrics and child runs', () => {
    const child = {
      runId: 'r2',
      name: '4 units',
      mark: 'finished',
      metrics: [['loss', '0.5']],
      params: [['units', '4']]
    } as const;
    const card = { ...CARD, error: 'ZeroDivisionError', children: [child] };
    const tables = renderToStaticMarkup(
      <CardTables card={card} trans={trans} />
    );
    expect(tables).toContain('NaN');
    expect(tables).toContain('4 units');
    expect(tables).toContain('ZeroDivisionError');
  });
});
