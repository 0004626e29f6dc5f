import { describe, expect, it } from 'vitest';
import { MlflowClient } from '../../mlflow/client';
import { AnswerError, errorOfAnswer } from '../../mlflow/errors';
import type { TransportRequest } from '../../mlflow/transport';
import { textAt } from '../../runtable/runtable';
import type { IRunSource, TableAnswer } from '../../runtable/source';
import { FallbackSource } from '../fallback';
import { PagesSource } from '../pages';

type Body = Record<string, unknown>;

function runOf(runId: string, startTime: number, tags: Body = {}): Body {
  return {
    info: { run_id: runId, status: 'FINISHED', start_time: startTime },
    data: {
      metrics: [{ key: 'loss', value: 'NaN', step: '1', timestamp: '2' }],
      params: [{ key: 'lr', value: '0.1' }],
      tags: Object.entries(tags).map(([key, value]) => ({ key, value }))
    }
  };
}

/** A server of two experiments that answers searches by their filter. */
function serverOf(answers: Record<string, Body[]>) {
  const requests: TransportRequest[] = [];
  const send = async (request: TransportRequest): Promise<unknown> => {
    requests.push(request);
    if (request.path.endsWith('experiments/search')) {
      return { experiments: [{ experiment_id: '1' }, { experiment_id: '2' }] };
    }
    const { filter = '', page_token: token } = request.body as Body;
    const [first = {}, ...rest] = answers[String(filter)] ?? [];
    return token ? rest[Number(token) - 1] : first;
  };
  return { requests, client: new MlflowClient({ send }) };
}

const ids = (answer: TableAnswer) =>
  Array.from({ length: answer.table.rowCount }, (_, row) =>
    textAt(answer.table.columns.get('run_id'), row)
  );

const signal = new AbortController().signal;

describe('pages of runs/search', () => {
  it('show the first page before the others, newest first', async () => {
    const { client, requests } = serverOf({
      '': [
        { runs: [runOf('b', 20)], next_page_token: '1' },
        { runs: [runOf('a', 10), runOf('b', 20)] }
      ]
    });
    const seen: unknown[] = [];
    const request = { selection: {}, columns: ['metrics.*'] };
    const answer = await new PagesSource(client).readTable(
      request,
      signal,
      page => seen.push([ids(page), page.isComplete])
    );
    expect(seen[0]).toEqual([['b'], false]);
    expect(ids(answer)).toEqual(['b', 'a']);
    expect(answer.isComplete).toBe(true);
    expect(answer.table.columns.has('metrics.loss')).toBe(true);
    expect(answer.table.columns.has('params.lr')).toBe(false);
    const sizes = requests
      .slice(1)
      .map(each => (each.body as Body).max_results);
    expect(sizes).toEqual([100, 1000]);
  });

  it('find a notebook by its id, and by path only runs without an id', async () => {
    const id = 'jupyter.notebook_id';
    const path = "lab/it's.ipynb";
    const { client, requests } = serverOf({
      "tags.`jupyter.notebook_id` = 'n1'": [
        { runs: [runOf('mine', 3, { [id]: 'n1' })] }
      ],
      'tags.`mlflow.source.name` = "lab/it\'s.ipynb"': [
        {
          runs: [
            runOf('copied', 2, { [id]: 'n2', 'mlflow.source.name': path }),
            runOf('script', 1, { 'mlflow.source.name': path })
          ]
        }
      ]
    });
    const selection = { notebook: { id: 'n1', path } };
    const answer = await new PagesSource(client).readTable(
      { selection, columns: [] },
      signal
    );
    expect(ids(answer)).toEqual(['mine', 'script']);
    const search = requests[1].body as Body;
    expect(search.experiment_ids).toEqual(['1', '2']);
  });
});

describe('a server without columnar routes', () => {
  function sourceOf(read: () => Promise<TableAnswer>): IRunSource {
    const none = () => Promise.reject(errorOfAnswer(404, ''));
    return { readTable: read, readKeys: none, readHistory: none };
  }

  it('is asked for pages, and not again for columns', async () => {
    const { client } = serverOf({ '': [{ runs: [runOf('a', 1)] }] });
    let asked = 0;
    const columns = sourceOf(() => {
      asked += 1;
      return Promise.reject(errorOfAnswer(404, '<html>'));
    });
    const source = new FallbackSource(columns, new PagesSource(client));
    const request = { selection: {}, columns: [] };
    await source.readTable(request, signal);
    expect(ids(await source.readTable(request, signal))).toEqual(['a']);
    expect(asked).toBe(1);
  });

  it('is told from one that does not answer', async () => {
    const { client } = serverOf({});
    const columns = sourceOf(() => Promise.reject(errorOfAnswer(502, '')));
    const source = new FallbackSource(columns, new PagesSource(client));
    await expect(
      source.readTable({ selection: {}, columns: [] }, signal)
    ).rejects.toBeInstanceOf(AnswerError);
  });
});
