import { describe, expect, it } from 'vitest';
import { decodeRunCard } from '../payload';

const PAYLOAD = {
  version: 1,
  connection_id: 'default',
  run_id: 'r1',
  run_name: 'network',
  experiment_id: '1',
  experiment_name: 'quickstart',
  status: 'FINISHED',
  start_time: 1000,
  end_time: 2400,
  error: null,
  notebook_id: 'n',
  cell_id: 'c',
  metrics: { training_loss: 0.1, val_accuracy: 0.97591, worst: 'NaN' },
  params: { learning_rate: '0.003' },
  model_names: ['digits'],
  children: [
    {
      run_id: 'r2',
      run_name: '',
      status: 'KILLED',
      metrics: { loss: '-Infinity' },
      params: {}
    }
  ]
};

describe('decodeRunCard', () => {
  it('reads a card as the kernel writes it', () => {
    expect(decodeRunCard(PAYLOAD)).toEqual({
      runId: 'r1',
      connectionId: 'default',
      name: 'network',
      mark: 'finished',
      took: '1.4 s',
      error: null,
      metrics: [
        ['val_accuracy', '0.9759'],
        ['worst', 'NaN'],
        ['training_loss', '0.1000']
      ],
      params: [['learning_rate', '0.003']],
      hasModel: true,
      children: [
        {
          runId: 'r2',
          name: 'r2',
          mark: 'killed',
          metrics: [['loss', '-∞']],
          params: []
        }
      ]
    });
  });

  it('does without what a short card leaves out', () => {
    const short = { version: 1, run_id: 'r', status: 'RUNNING' };
    expect(decodeRunCard(short)).toMatchObject({
      name: 'r',
      mark: 'running',
      took: '',
      connectionId: null,
      hasModel: false
    });
  });

  it.each([
    ['a later version', { ...PAYLOAD, version: 2 }],
    ['a param that is no text', { ...PAYLOAD, params: { a: {} } }],
    ['no object', 'network']
  ])('takes nothing from %s', (_, payload) => {
    expect(decodeRunCard(payload)).toBeNull();
  });
});
