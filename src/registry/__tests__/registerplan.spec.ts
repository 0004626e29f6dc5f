import { describe, expect, it } from 'vitest';
import type {
  LoggedModel,
  ModelVersion,
  RegisteredModel,
  Run
} from '../../mlflow/entities';
import {
  aliasProblem,
  firstModel,
  folderModelsOf,
  loggedModelsOf,
  nameProblem,
  originOf,
  proposedName,
  registersAtOnce,
  targetOf
} from '../registerplan';

const run: Run = {
  runId: 'r1',
  runName: 'network',
  experimentId: '1',
  status: 'FINISHED',
  startTimeMs: 1,
  endTimeMs: 2,
  userId: 'ana',
  lifecycleStage: 'active',
  artifactUri: '/art/1/r1/artifacts/',
  metrics: [],
  params: [],
  tags: [
    { key: 'jupyter.notebook_id', value: 'n1' },
    { key: 'jupyter.notebook_path', value: 'work/quick start.ipynb' },
    { key: 'jupyter.cell_id', value: 'c7' },
    { key: 'jupyter.execution_count', value: '7' }
  ],
  datasetInputs: [],
  modelOutputs: [
    { modelId: 'm-1', step: 0 },
    { modelId: 'm-2', step: 5 }
  ]
};

const logged = (
  modelId: string,
  name: string,
  status = 'READY'
): LoggedModel => ({
  modelId,
  name,
  experimentId: '1',
  sourceRunId: 'r1',
  artifactUri: '',
  status,
  creationTimeMs: 1,
  tags: []
});

const version = (
  name: string,
  number: string,
  runId: string
): ModelVersion => ({
  name,
  version: number,
  runId,
  modelId: null,
  source: '',
  status: 'READY',
  stage: 'None',
  aliases: [],
  description: '',
  creationTimeMs: Number(number),
  tags: []
});

const registered = (more: Partial<RegisteredModel> = {}): RegisteredModel => ({
  name: 'digits',
  description: '',
  creationTimeMs: 1,
  lastUpdatedTimeMs: 1,
  latestVersions: [version('digits', '4', 'r0')],
  aliases: [{ alias: 'champion', version: '4' }],
  tags: [],
  ...more
});

const names = (models: readonly { name: string }[]): string[] =>
  models.map(model => model.name);

describe('the models of a run', () => {
  it('come with the id the server asks for, the last one logged first', () => {
    const models = loggedModelsOf(run, [
      logged('m-1', 'scaler'),
      logged('m-2', 'digits')
    ]);
    expect(names(models)).toEqual(['digits', 'scaler']);
    expect(models[0]).toEqual({
      name: 'digits',
      source: 'models:/m-2',
      modelId: 'm-2',
      folder: null
    });
  });

  it('count once a name that was logged at every epoch, at its last step', () => {
    const models = loggedModelsOf(run, [
      logged('m-1', 'digits'),
      logged('m-2', 'digits')
    ]);
    expect(models.map(model => model.modelId)).toEqual(['m-2']);
  });

  it('leave out a model whose upload failed', () => {
    const models = loggedModelsOf(run, [
      logged('m-1', 'scaler'),
      logged('m-2', 'digits', 'LOGGED_MODEL_UPLOAD_FAILED')
    ]);
    expect(names(models)).toEqual(['scaler']);
  });

  it('of MLflow 2 are folders below the run', () => {
    expect(folderModelsOf(run, ['best/model'])).toEqual([
      {
        name: 'model',
        source: '/art/1/r1/artifacts/best/model',
        modelId: null,
        folder: 'best/model'
      }
    ]);
  });
});

describe('the proposed name', () => {
  const [digits] = loggedModelsOf(run, [logged('m-2', 'digits')]);
  const [generic] = loggedModelsOf(run, [logged('m-2', 'model')]);
  const hints = {
    model: digits,
    models: [digits],
    earlier: [],
    notebook: originOf(run).notebook,
    experimentName: 'team/churn'
  };

  it('is where this notebook registered before', () => {
    const earlier = [version('numbers', '3', 'r0')];
    expect(proposedName({ ...hints, earlier })).toBe('numbers');
  });

  it('is else the name the model was logged under', () => {
    expect(proposedName(hints)).toBe('digits');
  });

  it('is the notebook, and without one the experiment, for a generic model', () => {
    const some = { ...hints, model: generic, models: [generic] };
    expect(proposedName(some)).toBe('quick start');
    expect(proposedName({ ...some, notebook: null })).toBe('churn');
  });

  it('does not give one of two models the name of the other', () => {
    const [, scaler] = loggedModelsOf(run, [logged('m-1', 'scaler')]);
    const earlier = [version('digits', '3', 'r0')];
    const models = [scaler, digits];
    expect(proposedName({ ...hints, model: scaler, models, earlier })).toBe(
      'scaler'
    );
    expect(firstModel(models, earlier)).toBe(digits);
  });

  it('never holds what a name cannot hold', () => {
    const [odd] = loggedModelsOf(run, [logged('m-2', 'a/b:c')]);
    expect(
      nameProblem(proposedName({ ...hints, model: odd }), null)
    ).toBeNull();
  });
});

describe('registering at once', () => {
  const [model] = loggedModelsOf(run, [logged('m-2', 'digits')]);
  const earlier = [version('digits', '3', 'r0')];
  const options = { model, models: [model], earlier, isShared: false };

  it('happens where this notebook registered before in a registry of its own', () => {
    expect(registersAtOnce(options)).toBe(true);
  });

  it('asks first on a shared registry, and for a first version', () => {
    expect(registersAtOnce({ ...options, isShared: true })).toBe(false);
    expect(registersAtOnce({ ...options, earlier: [] })).toBe(false);
  });
});

describe('the version to come', () => {
  it('follows the last one, and names the champion', () => {
    expect(targetOf('digits', registered())).toMatchObject({
      nextVersion: 5,
      champion: '4'
    });
  });

  it('is not that of a version that was undone', () => {
    expect(targetOf('digits', registered(), 5).nextVersion).toBe(6);
  });

  it('is the first under a free name', () => {
    expect(targetOf('digits', null, 5)).toMatchObject({
      nextVersion: 1,
      champion: null
    });
  });
});

describe('names and aliases', () => {
  it('are refused with the reason', () => {
    const prompt = targetOf(
      'digits',
      registered({ tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] })
    );
    expect(nameProblem(' ', null)).toBe('empty');
    expect(nameProblem('a/b', null)).toBe('characters');
    expect(nameProblem('a:b', null)).toBe('characters');
    expect(nameProblem('digits', prompt)).toBe('prompt');
    expect(nameProblem('other', prompt)).toBeNull();
    expect(aliasProblem('latest')).toBe('reserved');
    expect(aliasProblem('v3')).toBe('reserved');
    expect(aliasProblem('a b')).toBe('characters');
    expect(aliasProblem('')).toBe('empty');
    expect(aliasProblem('champion')).toBeNull();
  });
});

describe('the origin of a run', () => {
  it('is read from its tags', () => {
    expect(originOf(run)).toEqual({
      notebookId: 'n1',
      path: 'work/quick start.ipynb',
      notebook: 'quick start.ipynb',
      cellId: 'c7',
      executionCount: '7'
    });
  });
});
