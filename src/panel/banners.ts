import type { TranslationBundle } from '@jupyterlab/translation';
import type { BannerFacts, BannerText } from './bannertext';
import {
  notAllowed,
  ofConnection,
  ofOffer,
  ofReplacement
} from './connectionbanners';

export const ENABLE_COMMAND =
  'jupyter server extension enable jupyterlab_experiments';

function ofKernel(
  facts: BannerFacts,
  trans: TranslationBundle
): BannerText | null {
  const kernel = facts.notebook?.kernel;
  if (!kernel) {
    return null;
  }
  if (kernel.language !== 'python') {
    return {
      text: trans.__(
        '`%1` needs a Python kernel. Runs logged through MLflow’s API appear here all the same.',
        '%%run'
      ),
      tone: 'calm',
      acts: [{ act: 'copyAddress', label: trans.__('Copy tracking address') }]
    };
  }
  return kernel.hasMlflow === false
    ? {
        text: trans.__(
          'This kernel has no MLflow, so nothing can be logged from it. Earlier runs are shown.'
        ),
        tone: 'warning',
        acts: [
          {
            act: 'insertInstall',
            label: trans.__('Insert `%1`', '%pip install mlflow')
          }
        ]
      }
    : null;
}

/** The banner above the rows, the gravest one; null when all is well. */
export function bannerOf(
  facts: BannerFacts,
  trans: TranslationBundle
): BannerText | null {
  if (facts.hasServer === false) {
    return {
      text: trans.__('The server part is missing: `%1`', ENABLE_COMMAND),
      tone: 'error',
      acts: [{ act: 'copyEnable', label: trans.__('Copy') }]
    };
  }
  const { replacement } = facts;
  return (
    (replacement && ofReplacement(replacement, trans)) ??
    ofConnection(facts, trans) ??
    ofForeignKernel(facts, trans) ??
    ofLeftOpen(facts, trans) ??
    ofKernel(facts, trans) ??
    ofBeside(facts, trans)
  );
}

function ofForeignKernel(
  { notebook }: BannerFacts,
  trans: TranslationBundle
): BannerText | null {
  const kernel = notebook?.kernel;
  return kernel?.trackingKind === 'own' && kernel.connectionId === null
    ? notAllowed(kernel.trackingLabel, trans)
    : null;
}

function ofLeftOpen(
  { leftOpenCount }: BannerFacts,
  trans: TranslationBundle
): BannerText | null {
  return leftOpenCount > 0
    ? {
        text: trans._n(
          '%1 run was left open by a kernel that ended.',
          '%1 runs were left open by kernels that ended.',
          leftOpenCount
        ),
        tone: 'warning',
        acts: [{ act: 'markStopped', label: trans.__('Mark as stopped') }]
      }
    : null;
}

function ofBeside(
  { offer, notebook }: BannerFacts,
  trans: TranslationBundle
): BannerText | null {
  return offer && notebook ? ofOffer(offer, notebook.path, trans) : null;
}
