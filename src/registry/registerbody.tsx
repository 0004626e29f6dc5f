import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { formatSize } from '../base/format';
import { useSignal } from '../ui/usesignal';
import type { RegisterForm } from './registerform';
import type { RunModel } from './registerplan';
import {
  becomesSentence,
  championLabel,
  checkWords,
  nameSentence,
  refusedSentence
} from './words';

type PartProps = Readonly<{ form: RegisterForm; trans: TranslationBundle }>;

/** What the dialog shows; drawn again whenever the form changes. */
export function RegisterBody(
  props: PartProps & Readonly<{ from: string }>
): React.ReactElement {
  const { form, trans, from } = props;
  useSignal(form.changed);
  return (
    <fieldset
      className="jp-Experiments-registerBody"
      disabled={form.state.isRegistering}
    >
      <span className="jp-Experiments-muted">{trans.__('From')}</span>
      <span>{from}</span>
      <Name {...props} />
      {form.facts.models.length > 1 && <Models {...props} />}
      <label className="jp-Experiments-registerWide">
        <input
          type="checkbox"
          checked={form.state.makesChampion}
          onChange={event => form.setMakesChampion(event.target.checked)}
        />
        {championLabel(form.state.target, trans)}
      </label>
      <More {...props} />
      <Checks {...props} />
    </fieldset>
  );
}

function Name({ form, trans }: PartProps): React.ReactElement {
  const { name, names } = form.state;
  return (
    <>
      <label htmlFor="jp-Experiments-registerName">{trans.__('Name')}</label>
      <div>
        <input
          id="jp-Experiments-registerName"
          className="jp-Experiments-registerName"
          list="jp-Experiments-registerNames"
          autoComplete="off"
          spellCheck={false}
          value={name}
          aria-describedby="jp-Experiments-registerBecomes"
          aria-invalid={form.problem !== null}
          onChange={event => form.setName(event.target.value)}
        />
        <datalist id="jp-Experiments-registerNames">
          {names.map(known => (
            <option key={known} value={known} />
          ))}
        </datalist>
        <NameLine form={form} trans={trans} />
      </div>
    </>
  );
}

/** Below the name: what it becomes, or what is wrong with it. */
function NameLine({ form, trans }: PartProps): React.ReactElement {
  const { name, target, error } = form.state;
  const problem = form.problem;
  if (problem || error) {
    return (
      <div
        id="jp-Experiments-registerBecomes"
        className="jp-Experiments-registerError"
        role="alert"
      >
        {problem
          ? nameSentence(problem, name, trans)
          : refusedSentence(error, name.trim(), trans)}
      </div>
    );
  }
  return (
    <div
      id="jp-Experiments-registerBecomes"
      className="jp-Experiments-muted"
      aria-live="polite"
    >
      {target ? becomesSentence(target, trans) : '\u00a0'}
    </div>
  );
}

function Models({ form, trans }: PartProps): React.ReactElement {
  return (
    <>
      <span>{trans.__('Model')}</span>
      <div
        role="radiogroup"
        aria-label={trans.__('Model')}
        className="jp-Experiments-registerModels"
      >
        {form.facts.models.map(model => (
          <label key={model.source}>
            <input
              type="radio"
              name="jp-Experiments-registerModel"
              checked={form.state.model === model}
              onChange={() => form.setModel(model)}
            />
            {modelWords(form, model)}
          </label>
        ))}
      </div>
    </>
  );
}

function modelWords(form: RegisterForm, model: RunModel): string {
  const facts = form.modelFacts.get(model);
  const size = facts?.sizeBytes ? formatSize(facts.sizeBytes) : null;
  return [model.name, facts?.flavor, size].filter(Boolean).join(', ');
}

function More({ form, trans }: PartProps): React.ReactElement {
  const { description, tags } = form.state;
  return (
    <details className="jp-Experiments-registerWide">
      <summary>{trans.__('Description, tags')}</summary>
      <label>
        {trans.__('Description')}
        <textarea
          rows={2}
          value={description}
          onChange={event => form.setDescription(event.target.value)}
        />
      </label>
      <label>
        {trans.__('Tags, one a line')}
        <textarea
          rows={2}
          value={tags}
          placeholder={trans.__('team=vision')}
          onChange={event => form.setTags(event.target.value)}
        />
      </label>
    </details>
  );
}

function Checks({ form, trans }: PartProps): React.ReactElement | null {
  const checks = form.checks.map(check => checkWords(check, trans));
  if (checks.length === 0) {
    return null;
  }
  return (
    <div className="jp-Experiments-registerWide">
      <div id="jp-Experiments-registerChecks">{trans.__('Checks')}</div>
      <ul
        className="jp-Experiments-registerChecks"
        aria-labelledby="jp-Experiments-registerChecks"
      >
        {checks.map(({ mark, tone, label, text }) => (
          <li key={label}>
            <span className={`jp-mod-${tone}`} aria-hidden="true">
              {mark}
            </span>
            <span title={label}>{label}</span>
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
