import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MlflowClient } from '../client';
import { errorOfAnswer, isMissing } from '../errors';

function recorded(name: string): string {
  const file = new URL(`../../../testdata/mlflow-2.9/${name}`, import.meta.url);
  return readFileSync(file, 'utf8');
}

/** What a route answers that MLflow 2.9 does not have, three ways to say it. */
const ABSENT = {
  'as MLflow 2.9 says it': [404, recorded('no-such-route.html')],
  'as a method that is not allowed': [405, '<html>Method Not Allowed</html>'],
  'in JSON': [404, '{"error_code": "ENDPOINT_NOT_FOUND", "message": "no"}']
} as const;

/** MLflow 2.9: routes that it lacks are answered so. */
function oldClient(absent: readonly [number, string], lacking: RegExp) {
  const paths: string[] = [];
  const client = new MlflowClient({
    send: async ({ path }) => {
      paths.push(path);
      if (lacking.test(path)) {
        throw errorOfAnswer(...absent);
      }
      return JSON.parse(recorded('metrics-get-history.json'));
    }
  });
  return { client, paths };
}

const NEW_ROUTES = /logged-models|get-history-bulk|registered-models|versions/;

describe.each(Object.entries(ABSENT))('a route that is missing %s', (_, no) => {
  it('leaves curves to the route that every server has', async () => {
    const { client, paths } = oldClient(no, NEW_ROUTES);
    const search = { runIds: ['a'], key: 'loss' };
    const [curve] = await client.getMetricHistory(search);
    expect(curve.points.map(({ value }) => value)).toEqual([0.1, 0.2, 0.3]);
    expect(paths.pop()).toBe('api/2.0/mlflow/metrics/get-history');
  });

  it('means no logged models, told as what this server lacks', async () => {
    const { client } = oldClient(no, NEW_ROUTES);
    const asked = [
      client.searchLoggedModels('a', '0'),
      client.getLoggedModel('m-1'),
      client.listModelArtifacts('m-1')
    ];
    for (const answer of asked) {
      const error = await answer.then(
        () => null,
        (failure: unknown) => failure
      );
      expect(isMissing(error)).toBe(true);
      expect(error).toMatchObject({ kind: 'unsupported' });
    }
  });

  it('means an empty registry, without an error', async () => {
    const { client } = oldClient(no, NEW_ROUTES);
    expect(await client.searchRegisteredModels()).toEqual([]);
    expect(await client.searchModelVersions()).toEqual([]);
  });
});

describe('a thing that is missing', () => {
  it('is still told of, where the route is there', async () => {
    const body = '{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "gone"}';
    const { client } = oldClient([404, body], /versions/);
    await expect(client.searchModelVersions()).rejects.toThrow('gone');
  });
});

describe('Retry-After', () => {
  it('is read as seconds or as a date', () => {
    expect(errorOfAnswer(429, '', '20').retryAfterMs).toBe(20_000);
    const date = new Date(Date.now() + 60_000).toUTCString();
    const ms = errorOfAnswer(503, '', date).retryAfterMs ?? 0;
    expect(ms).toBeGreaterThan(50_000);
    expect(ms).toBeLessThanOrEqual(60_000);
  });

  it('that says nothing is none', () => {
    expect(errorOfAnswer(429, '', null).retryAfterMs).toBeNull();
    expect(errorOfAnswer(429, '', 'soon').retryAfterMs).toBeNull();
  });
});
