import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { askStaying } from '../ui/stayingdialog';
import { RegisterBody } from './registerbody';
import type { RegisterForm } from './registerform';
import type { Registered } from './registrar';

function labelOf(form: RegisterForm, trans: TranslationBundle): string {
  const { isRegistering, target } = form.state;
  if (isRegistering) {
    return trans.__('Registering…');
  }
  return target
    ? trans.__('Register v%1', target.nextVersion)
    : trans.__('Register');
}

/** Ask, and register; null when the person cancels. */
export function askAndRegister(options: {
  form: RegisterForm;
  /** “network · cell [7] of quickstart.ipynb”. */
  from: string;
  trans: TranslationBundle;
}): Promise<Registered | null> {
  const { form, from, trans } = options;
  return askStaying(
    {
      title: trans.__('Register model'),
      className: 'jp-Experiments-registerDialog',
      body: <RegisterBody form={form} trans={trans} from={from} />,
      changed: form.changed,
      label: () => labelOf(form, trans),
      isRefused: () => form.state.isRegistering || form.problem !== null,
      isBusy: () => form.state.isRegistering,
      accept: () => form.submit(),
      // A text of several lines, and a fold's head.
      ownEnter: ['TEXTAREA', 'SUMMARY'],
      dispose: () => form.dispose()
    },
    trans
  );
}
