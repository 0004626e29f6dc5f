import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { WithCode } from '../ui/notice';
import { Spinner, StatusMark } from '../ui/statusmark';
import { useSignal } from '../ui/usesignal';
import type { ConnectionForm, FormState } from './connectionform';
import { hasPassword } from './connectionform';

type FieldProps = Readonly<{
  label: string;
  value: string;
  placeholder: string;
  isDisabled: boolean;
  onChange: (value: string) => void;
}>;

/** One line; a password in it is covered while the line has no focus. */
function Field(props: FieldProps): React.ReactElement {
  const [hasFocus, setFocus] = React.useState(false);
  const isCovered = !hasFocus && hasPassword(props.value);
  return (
    <label className="jp-Experiments-field">
      <span>{props.label}</span>
      <input
        className="jp-mod-styled"
        type={isCovered ? 'password' : 'text'}
        value={props.value}
        placeholder={props.placeholder}
        disabled={props.isDisabled}
        autoComplete="off"
        spellCheck={false}
        onFocus={() => setFocus(true)}
        onBlur={() => setFocus(false)}
        onChange={event => props.onChange(event.currentTarget.value)}
      />
    </label>
  );
}

/** Whether it works, and in words what is wrong and what to do. */
function verdict({
  test,
  error
}: FormState): Readonly<{ isOk: boolean; text: string }> | null {
  if (error !== null) {
    return { isOk: false, text: error };
  }
  return (
    test && {
      isOk: test.isOk,
      text: [test.message, test.remedy].filter(Boolean).join(' ')
    }
  );
}

/** What the test showed, or why nothing was added. */
function Outcome(props: {
  state: FormState;
  trans: TranslationBundle;
}): React.ReactElement | null {
  const { state, trans } = props;
  if (state.isTesting) {
    return (
      <>
        <Spinner label={trans.__('Testing…')} />
        <span>{trans.__('Testing…')}</span>
      </>
    );
  }
  const found = verdict(state);
  return (
    found && (
      <>
        <StatusMark
          status={found.isOk ? 'finished' : 'failed'}
          label={
            found.isOk ? trans.__('It works') : trans.__('It does not work')
          }
        />
        <span>
          <WithCode text={found.text} />
        </span>
      </>
    )
  );
}

/** Who can read the password that was typed. */
function PasswordNote(props: {
  state: FormState;
  trans: TranslationBundle;
}): React.ReactElement | null {
  const { trackingUri, registryUri } = props.state.draft;
  return hasPassword(trackingUri) || hasPassword(registryUri) ? (
    <p className="jp-Experiments-muted" role="note">
      {props.trans.__(
        'The password is kept by the server, readable only by you. It is not shown again.'
      )}
    </p>
  ) : null;
}

function Fields(props: {
  form: ConnectionForm;
  trans: TranslationBundle;
}): React.ReactElement {
  const { form, trans } = props;
  const { draft, isAdding } = form.state;
  return (
    <>
      <Field
        label={trans.__('Tracking URI')}
        value={draft.trackingUri}
        placeholder={trans.__(
          '%1 or %2',
          'https://mlflow.example.org',
          'sqlite:///mlflow.db'
        )}
        isDisabled={isAdding}
        onChange={trackingUri => form.edit({ trackingUri })}
      />
      <Field
        label={trans.__('Name')}
        value={draft.label}
        placeholder={trans.__('team')}
        isDisabled={isAdding}
        onChange={label => form.edit({ label })}
      />
      <details className="jp-Experiments-registryUri">
        <summary>{trans.__('Model registry elsewhere')}</summary>
        <Field
          label={trans.__('Registry URI')}
          value={draft.registryUri}
          placeholder={trans.__('as the tracking URI')}
          isDisabled={isAdding}
          onChange={registryUri => form.edit({ registryUri })}
        />
      </details>
    </>
  );
}

/** The form that adds a connection. */
export function ConnectionBody(props: {
  form: ConnectionForm;
  hasNotebook: boolean;
  trans: TranslationBundle;
}): React.ReactElement {
  const { form, hasNotebook, trans } = props;
  useSignal(form.changed);
  const { state } = form;
  return (
    <div className="jp-Experiments-connectionForm">
      <Fields form={form} trans={trans} />
      {hasNotebook && (
        <label className="jp-Experiments-formCheck">
          <input
            type="checkbox"
            checked={state.isChosen}
            onChange={event => form.setChosen(event.currentTarget.checked)}
          />
          <span>{trans.__('Log this notebook’s runs there')}</span>
        </label>
      )}
      <PasswordNote state={state} trans={trans} />
      <div className="jp-Experiments-outcome">
        <button
          type="button"
          className="jp-Experiments-secondary"
          disabled={!form.isFilled}
          // A disabled button loses the focus, and with it the dialog's Escape.
          aria-disabled={state.isTesting || state.isAdding}
          onClick={() => void form.test()}
        >
          {trans.__('Test')}
        </button>
        <div role="status" aria-live="polite">
          <Outcome state={state} trans={trans} />
        </div>
      </div>
    </div>
  );
}
