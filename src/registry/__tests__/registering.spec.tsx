import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { ModelsModel, nameFilter } from '../modelsmodel';
import { ModelsPage } from '../modelspage';
import { RegisterBody } from '../registerbody';
import type { RegisterForm } from '../registerform';
import { formOf } from '../registerform';
import { Registrar, TakenByPrompt } from '../registrar';
import type { RunFacts } from '../runfacts';
import { readRunFacts } from '../runfacts';
import { refusedSentence } from '../words';
import {
  FakeRegistry,
  loggedOnWire,
  runOnWire,
  sessionOn
} from './fakeregistry';

const trans = {
  __: (text: string, ...values: unknown[]) =>
    text.replace(/%(\d)/g, (_, place) => String(values[place - 1]))
} as unknown as TranslationBundle;
const MLMODEL = readFileSync('testdata/mlmodel/cloudpickle', 'utf-8');

let registry: FakeRegistry;
let registrar: Registrar;

const factsOf = (runId: string): Promise<RunFacts> =>
  readRunFacts(registrar.session, { runId, pathOf: () => null });

const register = async (name: string, alias?: string) => {
  const { run, models } = await factsOf('r1');
  return registrar.register({ run, model: models[0], name, alias });
};

const changedUntil = (
  model: { changed: RegisterForm['changed'] | ModelsModel['changed'] },
  isDone: () => boolean
): Promise<void> =>
  new Promise(resolve => {
    const check = (): void => {
      if (isDone()) {
        resolve();
      }
    };
    (model.changed as RegisterForm['changed']).connect(check);
    check();
  });

beforeEach(() => {
  registry = new FakeRegistry();
  registry.runs = { r1: runOnWire('r1', 0.9759), r0: runOnWire('r0', 0.9315) };
  registry.logged = [loggedOnWire('r1', 'digits')];
  registrar = new Registrar({
    session: sessionOn(registry, ['r0', 'r1']),
    readArtifact: async () => MLMODEL
  });
});

describe('registering', () => {
  it('makes the name and a version that knows its model and run', async () => {
    const { version, madeModel } = await register('digits');
    expect(madeModel).toBe(true);
    expect(version).toMatchObject({
      name: 'digits',
      version: '1',
      runId: 'r1',
      modelId: 'm-r1'
    });
    expect(registrar.session.registrations.get('r1')).toHaveLength(1);
  });

  it('is taken back with the name it made and the alias it moved', async () => {
    await registrar.undo(await register('digits'));
    expect([...registry.models]).toEqual([]);

    const first = await register('digits', 'champion');
    await registrar.undo(await register('digits', 'champion'));
    expect(registry.models.get('digits')?.aliases).toEqual([
      { alias: 'champion', version: first.version.version }
    ]);
  });

  it('does not foretell the number of a version that was undone', async () => {
    await register('digits');
    await registrar.undo(await register('digits'));
    const target = await registrar.readTarget(
      'digits',
      new AbortController().signal
    );
    expect(target.nextVersion).toBe(3);
    expect((await register('digits')).version.version).toBe('3');
  });

  it('leaves no name behind when the version is refused', async () => {
    registry.refused.set('POST model-versions/create', 403);
    const refusal = await register('digits').catch((error: unknown) => error);
    expect([...registry.models]).toEqual([]);
    expect(refusedSentence(refusal, 'digits', trans)).toBe(
      'Not registered: you may read but not write ‘digits’ (403). Nothing was changed.'
    );
  });

  it('never puts a version under a prompt', async () => {
    registry.addModel('digits', [
      { key: 'mlflow.prompt.is_prompt', value: 'true' }
    ]);
    await expect(register('digits')).rejects.toBeInstanceOf(TakenByPrompt);
    expect(registry.versions).toEqual([]);
  });

  it('keeps a version whose alias could not be set, and says so', async () => {
    registry.refused.set('POST registered-models/alias', 403);
    const { version, aliasError } = await register('digits', 'champion');
    expect(version.version).toBe('1');
    expect(aliasError).not.toBeNull();
  });
});

describe('what is known of a run', () => {
  it('tells what its notebook registered before', async () => {
    await register('digits');
    expect((await factsOf('r1')).earlier.map(({ name }) => name)).toEqual([
      'digits'
    ]);
  });

  it('finds models of MLflow 2 among the artifacts', async () => {
    registry.runs.r1 = { ...(registry.runs.r1 as object), outputs: {} };
    registry.refused.set('POST logged-models/search', 404);
    registry.artifacts = {
      '': [
        { path: 'model', is_dir: true },
        { path: 'plots', is_dir: true }
      ],
      model: [{ path: 'model/MLmodel', is_dir: false }],
      plots: []
    };
    expect((await factsOf('r1')).models).toEqual([
      {
        name: 'model',
        source: '/art/1/r1/artifacts/model',
        modelId: null,
        folder: 'model'
      }
    ]);
  });

  it('is no model where none was logged', async () => {
    registry.runs.r1 = { ...(registry.runs.r1 as object), outputs: {} };
    registry.logged = [];
    expect((await factsOf('r1')).models).toEqual([]);
  });
});

describe('the dialog', () => {
  const open = async (): Promise<RegisterForm> => {
    const form = formOf(registrar, await factsOf('r1'));
    await changedUntil(form!, () => form!.state.target !== null);
    return form!;
  };
  const shown = (form: RegisterForm): string =>
    renderToStaticMarkup(
      <RegisterBody form={form} trans={trans} from="network" />
    );

  it('proposes a name, and says what it becomes and who is champion', async () => {
    await register('digits', 'champion');
    registry.versions[0].run_id = 'r0';
    const form = await open();
    await changedUntil(form, () => form.checks.length === 3);
    const markup = shown(form);
    expect(markup).toContain('value="digits"');
    expect(markup).toContain('Becomes version 2. Version 1 is @champion.');
    expect(markup).toContain('Make it @champion (moves from version 1)');
    expect(markup).toContain('64 columns → integer');
    expect(markup).toContain('Loading it runs code from the file.');
    expect(markup).toContain('0.9759; champion 0.9315');
    form.dispose();
  });

  it('shows the newest name’s version, whatever answers last', async () => {
    registry.addModel('slow');
    registry.models.get('slow')!.aliases = [
      { alias: 'champion', version: '9' }
    ];
    let answer = (): void => undefined;
    const delay = new Promise<void>(resolve => (answer = resolve));
    registry.delays.set('registered-models/get slow', delay);
    const form = await open();
    form.setName('slow');
    form.setName('quick');
    await changedUntil(form, () => form.state.target?.name === 'quick');
    answer();
    await delay;
    await Promise.resolve();
    expect(form.state.target?.name).toBe('quick');
    form.dispose();
  });

  it('refuses an empty name, a slash and a prompt in a sentence', async () => {
    registry.addModel('prompt', [
      { key: 'mlflow.prompt.is_prompt', value: 'true' }
    ]);
    const form = await open();
    form.setName('');
    expect(shown(form)).toContain('Name the model.');
    form.setName('a/b');
    expect(shown(form)).toContain('A name cannot hold / or :.');
    form.setName('prompt');
    await changedUntil(form, () => form.problem === 'prompt');
    expect(shown(form)).toContain(
      '‘prompt’ is a prompt in this registry. Choose another name.'
    );
    expect(await form.submit()).toBeNull();
    form.dispose();
  });

  it('stays open with the reason when the registry refuses', async () => {
    const form = await open();
    registry.refused.set('POST model-versions/create', 403);
    expect(await form.submit()).toBeNull();
    expect(form.state.isRegistering).toBe(false);
    expect(shown(form)).toContain('(403). Nothing was changed.');
    form.dispose();
  });

  it('lets one choose among several models, and the name follows', async () => {
    registry.runs.r1 = {
      ...(registry.runs.r1 as object),
      outputs: {
        model_outputs: [
          { model_id: 'm-r1', step: 1 },
          { model_id: 'm-s', step: 0 }
        ]
      }
    };
    registry.logged.push(loggedOnWire('s', 'scaler'));
    const form = await open();
    expect(shown(form)).toContain('digits, sklearn, 255 kB');
    form.setModel(form.facts.models[1]);
    expect(form.state.name).toBe('scaler');
    form.dispose();
  });
});

describe('the tab of models', () => {
  it('says the one way on where nothing is registered', async () => {
    const model = new ModelsModel(registrar.session);
    await model.refresh();
    const actions = {
      openRun: () => undefined,
      showRuns: () => undefined,
      askAlias: async () => null
    };
    const markup = (): string =>
      renderToStaticMarkup(
        <ModelsPage model={model} actions={actions} trans={trans} />
      );
    expect(markup()).toContain(
      'No registered models. Select a run and choose “Register model”.'
    );
    await register('digits', 'champion');
    await changedUntil(model, () => Boolean(model.rows?.[0]?.metric));
    await model.open('digits');
    expect(markup()).toContain('@champion');
    expect(markup()).toContain('0.9759');
    expect(markup()).toContain('v1');
    model.dispose();
  });

  it('asks for names with quotes in a way MLflow understands', () => {
    expect(nameFilter('digits')).toBe(`name = 'digits'`);
    expect(nameFilter(`it's`)).toBe(`name = "it's"`);
    expect(nameFilter(`it's "it"`)).toBe(`name LIKE 'it_s _it_'`);
  });
});
