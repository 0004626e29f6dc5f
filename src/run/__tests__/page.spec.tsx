import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import type { PageProps } from '../actions';
import { RunMetrics } from '../metrics';
import { RunPageModel } from '../model';
import { RunHeader, RunNote, RunTags, splitTag } from '../overview';
import { RunArtifacts, RunModels, RunParams, SystemMetrics } from '../sections';
import { SinceCard } from '../since';
import { FakeSession, runOf, until } from './fakesession';

// JupyterLab's icons need a browser; no text of the page depends on them.
vi.mock('@jupyterlab/ui-components', () => {
  const icon = { react: () => null };
  return { caretDownIcon: icon, caretRightIcon: icon };
});

const trans = {
  __: (text: string, ...values: unknown[]) =>
    text.replace(/%(\d)/g, (_, place) => String(values[place - 1]))
} as unknown as TranslationBundle;
const actions = {
  execute: () => undefined,
  has: () => true,
  ask: async () => null,
  cellLabel: () => '[7]'
};

async function markup(
  Part: React.FunctionComponent<PageProps>,
  run = runOf()
): Promise<string> {
  const model = new RunPageModel(new FakeSession([run]).asSession(), run.runId);
  await until(
    model.changed,
    () => model.artifacts.files() !== null && model.models.of(run) !== null
  );
  const props = { model, run, actions, trans };
  return renderToStaticMarkup(React.createElement(Part, props));
}

describe('the page of a run', () => {
  it('says name, state, duration, user and cell in its header', async () => {
    const html = await markup(RunHeader);
    for (const text of ['network', 'Finished', '1.4 s', 'ana', 'cell [7]']) {
      expect(html).toContain(text);
    }
  });

  it('says what changed since the run before it', async () => {
    const html = await markup(SinceCard);
    expect(html).toContain('Since network, 3 min before');
    expect(html).toContain('0.0003 → <b>0.003</b>');
    expect(html).toContain('▲ better');
  });

  it('shows what a note says as text, never as HTML', async () => {
    const tags = [
      { key: 'mlflow.note.content', value: '<img src=x onerror=alert(1)>' }
    ];
    expect(await markup(RunNote, runOf({ tags }))).toContain('&lt;img');
    expect(await markup(RunNote)).toContain('Add a note…');
  });

  it('lists tags of people, models with their name and artifacts', async () => {
    expect(await markup(RunTags)).toContain('stage=dev');
    expect(await markup(RunTags, runOf({ tags: [] }))).toContain('No tags.');
    expect(await markup(RunModels)).toContain('digits');
    expect(await markup(RunArtifacts)).toContain('confusion_matrix.png');
    expect(await markup(RunParams, runOf({ params: [] }))).toContain(
      'No params.'
    );
  });

  it('offers the lines that a run without system metrics needs', async () => {
    const html = await markup(SystemMetrics);
    expect(html).toContain('None: MLflow samples every 10 s.');
    expect(html).toContain('Sample each second');
  });

  it('lists a metric with its direction', async () => {
    const html = await markup(RunMetrics);
    expect(html).toContain('val_accuracy ↑');
    expect(html).toContain('0.9759');
  });
});

describe('splitTag', () => {
  it('splits at the first equals sign', () => {
    expect(splitTag('data = a=b')).toEqual({ key: 'data', value: 'a=b' });
    expect(splitTag('flag')).toEqual({ key: 'flag', value: '' });
    expect(splitTag(' =x')).toBeNull();
  });
});
