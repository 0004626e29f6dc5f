import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MlflowClient } from '../client';
import { errorOfAnswer, MlflowError } from '../errors';
import { thinned } from '../history';
import { modelPathsOfTag, note, parentRunId, userTags } from '../tags';
import type { TransportRequest } from '../transport';

function recorded(name: string): unknown {
  const file = new URL(
    `../../../testdata/mlflow-3.17/${name}.json`,
    import.meta.url
  );
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** A client whose requests are answered in turn. */
function clientOf(...answers: unknown[]) {
  const requests: TransportRequest[] = [];
  const client = new MlflowClient({
    send: async request => {
      requests.push(request);
      const answer = answers.shift();
      if (answer instanceof Error) {
        throw answer;
      }
      return answer;
    }
  });
  return { client, requests };
}

describe('runs', () => {
  it('are decoded with what they hold', async () => {
    const run = await clientOf(recorded('runs-get')).client.getRun('x');
    expect(run.runName).toBe('sweep/units=64');
    expect(run.status).toBe('FINISHED');
    expect(run.endTimeMs).toBe(1790000102500);
    expect(run.metrics.map(({ key, step }) => [key, step])).toContainEqual([
      'loss',
      199
    ]);
    expect(run.modelOutputs[0].modelId).toMatch(/^m-/);
  });

  it('keep odd names, NaN and MLflow’s infinity', async () => {
    const run = await clientOf(recorded('runs-get-odd')).client.getRun('x');
    expect(run.runName).toBe('<script>alert("run")</script> 🚀 مرحبا');
    const value = (key: string) =>
      run.metrics.find(metric => metric.key === key)?.value;
    expect(value('not a number')).toBeNaN();
    expect(value('plus infinity')).toBe(Number.MAX_VALUE);
  });

  it('that run have no end', async () => {
    const { client } = clientOf(recorded('runs-get-running'));
    const run = await client.getRun('x');
    expect([run.status, run.endTimeMs]).toEqual(['RUNNING', null]);
  });

  it('come by pages', async () => {
    const { client, requests } = clientOf(recorded('runs-search-page-1'));
    const page = await client.searchRuns({ experimentIds: ['1'] });
    expect(page.found.length).toBeGreaterThan(0);
    expect(page.nextPageToken).not.toBeNull();
    expect(requests[0]).toMatchObject({
      method: 'POST',
      path: 'api/2.0/mlflow/runs/search',
      body: { experiment_ids: ['1'], run_view_type: 'ACTIVE_ONLY' }
    });
  });

  it('may be none', async () => {
    const { client } = clientOf(recorded('runs-search-empty'));
    const page = await client.searchRuns({ experimentIds: ['1'] });
    expect(page).toEqual({ found: [], nextPageToken: null });
  });

  it('of old servers bring numbers as text and the id by its old name', async () => {
    const old = {
      run: {
        info: { run_uuid: 'a', start_time: '12', end_time: '0' },
        data: { metrics: [{ key: 'm', value: '-Infinity', step: '3' }] }
      }
    };
    const run = await clientOf(old).client.getRun('a');
    expect(run).toMatchObject({ runId: 'a', startTimeMs: 12, endTimeMs: null });
    expect(run.metrics[0]).toMatchObject({ value: -Infinity, step: 3 });
  });

  it('are not taken out of an answer that is something else', async () => {
    await expect(clientOf('<html>').client.getRun('a')).rejects.toMatchObject({
      kind: 'invalid'
    });
  });
});

describe('experiments', () => {
  it('are read page by page', async () => {
    const first = recorded('experiments-search') as object;
    const { client, requests } = clientOf(
      { ...first, next_page_token: 't' },
      {}
    );
    const experiments = await client.searchExperiments();
    expect(experiments.map(({ name }) => name)).toContain('models/churn');
    expect(requests[1].body).toMatchObject({ page_token: 't' });
  });
});

describe('metric history', () => {
  it('is sampled by the server', async () => {
    const { client, requests } = clientOf(
      recorded('metrics-get-history-bulk-interval')
    );
    const runId = 'd23f0824128b4f338c5c7fd0a6a3a450';
    const [history] = await client.getMetricHistory({
      runIds: [runId],
      key: 'loss',
      maxPoints: 320,
      startStep: 5
    });
    expect(history.points[0]).toEqual({
      step: 0,
      timestampMs: 1790000000000,
      value: 100
    });
    expect(requests[0].query).toMatchObject({
      run_ids: [runId],
      start_step: 5,
      end_step: 2147483647
    });
  });

  it('is read whole and thinned where the server cannot sample', async () => {
    const { client } = clientOf(
      errorOfAnswer(404, '<html>'),
      recorded('metrics-get-history')
    );
    const [history] = await client.getMetricHistory({
      runIds: ['a'],
      key: 'loss',
      maxPoints: 4
    });
    expect(history.points.length).toBeLessThanOrEqual(4);
    expect(history.points[0].step).toBe(0);
    expect(history.points[history.points.length - 1].step).toBe(5);
  });

  it('keeps its extremes when it is thinned', () => {
    const points = Array.from({ length: 1000 }, (_, step) => ({
      step,
      timestampMs: 0,
      value: step === 500 ? 99 : step === 501 ? -99 : 0
    }));
    const values = thinned(points, 20).map(({ value }) => value);
    expect(values).toContain(99);
    expect(values).toContain(-99);
    expect(values.length).toBeLessThanOrEqual(20);
  });
});

describe('models', () => {
  it('that a run logged are found by the run', async () => {
    const { client, requests } = clientOf(recorded('logged-models-search'));
    const [model] = await client.searchLoggedModels('r', '1');
    expect(model.name).toBe('model');
    expect(requests[0].body).toMatchObject({ filter: "source_run_id = 'r'" });
  });

  it('are not supported by a server older than 3.0', async () => {
    const { client } = clientOf(errorOfAnswer(404, '<html>Not Found</html>'));
    await expect(client.searchLoggedModels('r', '1')).rejects.toMatchObject({
      kind: 'unsupported'
    });
  });

  it('in the registry know their logged model by their source', async () => {
    const { client } = clientOf(recorded('model-versions-search'));
    const [version] = await client.searchModelVersions({ maxResults: 1 });
    expect(version).toMatchObject({ name: 'churn', version: '2' });
    expect(version.modelId).toBe('m-ae97ba94d0ed482f8f6d05584ef8aa38');
  });

  it('in the registry have aliases', async () => {
    const { client } = clientOf(recorded('registered-models-get'));
    const model = await client.getRegisteredModel('churn');
    expect(model.aliases[0].alias).toMatch(/^champ/);
    expect(model.latestVersions[0].version).toBe('2');
  });

  it('are registered with source, model and run', async () => {
    const { client, requests } = clientOf({
      model_version: { name: 'digits', version: 5 }
    });
    const version = await client.createModelVersion({
      name: 'digits',
      source: 'models:/m-1',
      modelId: 'm-1',
      runId: 'r'
    });
    expect(version.version).toBe('5');
    expect(requests[0].body).toMatchObject({ model_id: 'm-1', run_id: 'r' });
  });
});

describe('errors', () => {
  it.each([
    [400, '{"error_code": "RESOURCE_ALREADY_EXISTS"}', 'alreadyExists'],
    [404, '{"error_code": "RESOURCE_DOES_NOT_EXIST"}', 'notFound'],
    [400, '{"error_code": "INVALID_PARAMETER_VALUE"}', 'invalid'],
    [401, 'You are not authenticated.', 'unauthorized'],
    [403, 'Invalid Host header', 'forbidden'],
    [501, '', 'unsupported'],
    [503, '<html>', 'server']
  ])('of status %s and body %s are %s', (status, body, kind) => {
    expect(errorOfAnswer(status, body)).toMatchObject({ kind, status });
  });

  it('carry the words of the server', async () => {
    const body = JSON.stringify(recorded('runs-get-unknown'));
    const error = errorOfAnswer(404, body);
    expect(error).toBeInstanceOf(MlflowError);
    expect(error.message).toContain('not found');
  });
});

describe('tags', () => {
  it('name the parent, the note and what people set', async () => {
    const run = await clientOf(recorded('runs-get')).client.getRun('x');
    expect(parentRunId(run)).toMatch(/^[0-9a-f]{32}$/);
    expect(typeof note(run)).toBe('string');
    expect(userTags(run.tags).every(({ key }) => !/^mlflow\./.test(key))).toBe(
      true
    );
  });

  it('name the models of MLflow 2', () => {
    const key = 'mlflow.log-model.history';
    const value = '[{"artifact_path": "model"}]';
    expect(modelPathsOfTag([{ key, value }])).toEqual(['model']);
    expect(modelPathsOfTag([{ key, value: '[{"artif' }])).toEqual([]);
  });
});
