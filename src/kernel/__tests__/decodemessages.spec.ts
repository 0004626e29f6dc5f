import { describe, expect, it } from 'vitest';
import { decodeLiveMessage } from '../decodemessages';

const STATE = {
  protocol: 1,
  kind: 'state',
  kernel_id: 'k',
  notebook_id: 'n',
  notebook_path: 'a.ipynb',
  package_version: '0.1.0',
  mlflow_version: null,
  tracking_kind: 'told',
  connection_id: 'default',
  tracking_label: 'local · mlflow.db',
  tracking_revision: 2,
  reason: null,
  experiment: { id: null, name: 'a', chosen_by: 'default' },
  is_autologging: false,
  active_run_id: null
};

const RUN = { protocol: 1, kind: 'run', run_id: 'r', event: 'updated' };

describe('decodeLiveMessage', () => {
  it('reads what a kernel says of itself', () => {
    expect(decodeLiveMessage(STATE)).toMatchObject({
      kind: 'state',
      state: {
        kernelId: 'k',
        mlflowVersion: null,
        trackingKind: 'told',
        experiment: { id: null, name: 'a', chosenBy: 'default' }
      }
    });
  });

  it('reads what was written to a run', () => {
    const message = decodeLiveMessage({
      ...RUN,
      connection_id: null,
      event: 'created',
      info: { run_name: 'network', start_time: 5, status: 'RUNNING' },
      metrics: { loss: [0.5, 2, 7] },
      points: {
        loss: [
          [1, 0.7],
          [2, 0.5]
        ]
      },
      params: { lr: '0.1' },
      tags: { a: 'b' },
      deleted_tags: ['c'],
      models: [{ model_id: 'm-1', name: 'digits' }]
    });
    expect(message).toEqual({
      kind: 'run',
      connectionId: null,
      patch: {
        runId: 'r',
        event: 'created',
        runName: 'network',
        startTimeMs: 5,
        status: 'RUNNING',
        metrics: new Map([
          [
            'loss',
            {
              value: 0.5,
              step: 2,
              timestampMs: 7,
              points: [
                { step: 1, value: 0.7 },
                { step: 2, value: 0.5 }
              ]
            }
          ]
        ]),
        params: new Map([['lr', '0.1']]),
        tags: new Map([['a', 'b']]),
        deletedTags: ['c'],
        models: [{ modelId: 'm-1', name: 'digits' }]
      }
    });
  });

  it('leaves out what did not change', () => {
    const message = decodeLiveMessage({ ...RUN, info: { end_time: null } });
    expect(message.kind === 'run' && Object.keys(message.patch)).toEqual([
      'runId',
      'event',
      'metrics',
      'params',
      'tags',
      'deletedTags',
      'models'
    ]);
  });

  it('takes numbers that JSON lacks by their names', () => {
    const message = decodeLiveMessage({
      ...RUN,
      metrics: { a: ['NaN', 0, 1], b: ['-Infinity', 0, 1] }
    });
    const metrics = message.kind === 'run' ? message.patch.metrics : null;
    expect(metrics?.get('a')?.value).toBeNaN();
    expect(metrics?.get('b')?.value).toBe(-Infinity);
  });

  it('takes the value itself for a point where none came with it', () => {
    const message = decodeLiveMessage({ ...RUN, metrics: { a: [3, 4, 5] } });
    const metrics = message.kind === 'run' ? message.patch.metrics : null;
    expect(metrics?.get('a')?.points).toEqual([{ step: 4, value: 3 }]);
  });

  it('reads notices of registry and experiments', () => {
    const registry = { protocol: 1, kind: 'registry', name: 'digits' };
    expect(decodeLiveMessage(registry)).toEqual({
      kind: 'registry',
      notice: { name: 'digits', version: null, runId: null }
    });
    const experiment = {
      protocol: 1,
      kind: 'experiment',
      experiment_id: '1',
      name: 'a',
      event: 'created'
    };
    expect(decodeLiveMessage(experiment)).toEqual({
      kind: 'experiment',
      notice: { experimentId: '1', name: 'a', event: 'created' }
    });
  });

  it.each([
    ['another protocol', { ...STATE, protocol: 2 }],
    ['an unknown kind', { protocol: 1, kind: 'toString' }],
    ['a status of its own', { ...RUN, info: { status: 'FINE' } }],
    ['a metric without a step', { ...RUN, metrics: { a: [1] } }],
    ['no object', 'state']
  ])('refuses %s', (_, content) => {
    expect(() => decodeLiveMessage(content)).toThrow();
  });
});
