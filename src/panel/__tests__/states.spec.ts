import { describe, expect, it } from 'vitest';
import { nullTranslator } from '@jupyterlab/translation';
import type { Connection, Freshness } from '../../tokens';
import type { BannerFacts } from '../bannertext';
import { bannerOf } from '../banners';
import type { EmptyFacts } from '../empties';
import { emptyOf } from '../empties';

const trans = nullTranslator.load('jupyterlab-experiments');
const NOON = new Date(2026, 10, 20, 12, 0).getTime();

const CONNECTION: Connection = {
  id: 'team',
  label: 'team · mlflow.example.org',
  kind: 'remote',
  state: 'ready',
  storeId: 's',
  isShared: true,
  message: null,
  sinceMs: NOON,
  pageUrl: null,
  source: 'administrator',
  canRemove: false,
  scheme: 'http',
  remedies: []
};

const FRESH: Freshness = {
  phase: 'current',
  asOfMs: NOON,
  error: null,
  nextTryMs: null
};

function banner(facts: Partial<BannerFacts>) {
  return bannerOf(
    {
      hasServer: true,
      connection: CONNECTION,
      freshness: FRESH,
      notebook: null,
      runCount: 42,
      leftOpenCount: 0,
      nowMs: NOON,
      mlflowVersion: '3.17.2',
      task: null,
      isCopyDeclined: false,
      offer: null,
      replacement: null,
      ...facts
    },
    trans
  );
}

function empty(facts: Partial<EmptyFacts>) {
  return emptyOf(
    {
      scope: { kind: 'notebook' },
      notebook: 'quickstart.ipynb',
      total: 0,
      shown: 0,
      isLoading: false,
      ...facts
    },
    trans
  );
}

describe('bannerOf', () => {
  it('says nothing when all is well', () => {
    expect(banner({})).toBeNull();
  });

  it('says since when a server does not answer, and when it is asked again', () => {
    const freshness: Freshness = {
      ...FRESH,
      phase: 'stale',
      nextTryMs: NOON + 20_000
    };
    expect(banner({ freshness })?.text).toBe(
      'mlflow.example.org does not answer since 12:00. Your cells go on; 42 runs as last seen. Next try in 20 s.'
    );
  });

  it('says how to give a login that was refused', () => {
    const connection: Connection = {
      ...CONNECTION,
      state: 'refused',
      message: 'HTTP 403'
    };
    expect(banner({ connection })?.text).toBe(
      'mlflow.example.org refused the login (403). Set MLFLOW_TRACKING_USERNAME and …PASSWORD where the Jupyter server starts, or ~/.mlflow/credentials.'
    );
  });

  it('tells a refused name from a refused login', () => {
    const connection: Connection = {
      ...CONNECTION,
      state: 'refused',
      message: 'Invalid Host header'
    };
    expect(banner({ connection })?.text).toContain('--allowed-hosts');
  });

  it('says that the server part is missing before anything else', () => {
    const shown = banner({ hasServer: false, leftOpenCount: 2 });
    expect(shown?.text).toContain('jupyter server extension enable');
  });

  it('offers to stop runs that were left open', () => {
    const shown = banner({ leftOpenCount: 2 });
    expect(shown?.text).toBe('2 runs were left open by kernels that ended.');
    expect(shown?.acts.map(({ label }) => label)).toEqual(['Mark as stopped']);
  });
});

const LOCAL: Connection = {
  ...CONNECTION,
  id: 'local',
  label: 'local · mlflow.db',
  kind: 'child',
  scheme: 'sqlite'
};

const labels = (shown: ReturnType<typeof banner>): string[] =>
  shown?.acts.map(({ label }) => label) ?? [];

describe('the banner of a store that cannot be opened', () => {
  it('says which MLflow this is, and offers a backup and an upgrade', () => {
    const connection: Connection = {
      ...LOCAL,
      state: 'schema',
      remedies: ['upgrade']
    };
    const shown = banner({ connection });
    expect(shown?.text).toBe(
      'mlflow.db was written by another MLflow (this one is 3.17.2). Nothing was changed.'
    );
    expect(labels(shown)).toEqual([
      'Back up and upgrade…',
      'Use another Python'
    ]);
  });

  it('offers no upgrade where the server knows none', () => {
    const connection: Connection = { ...LOCAL, state: 'schema' };
    expect(labels(banner({ connection }))).toEqual(['Use another Python']);
  });

  it('offers to copy a folder of files, until “Not now” is said', () => {
    const connection: Connection = {
      ...LOCAL,
      label: 'local · deep/mlruns',
      scheme: 'file',
      remedies: ['copy']
    };
    const shown = banner({ connection });
    expect(shown?.text).toBe(
      'MLflow 3.14 and later refuse file stores. The runs in mlruns can be copied into mlflow.db; the folder stays as it is.'
    );
    expect(labels(shown)).toEqual(['Copy them…', 'Not now']);
    expect(banner({ connection, isCopyDeclined: true })).toBeNull();
  });

  it('says what `file://./mlruns` means', () => {
    const connection: Connection = { ...LOCAL, remedies: ['sqlite-uri'] };
    const shown = banner({ connection });
    expect(shown?.text).toBe(
      'This URI means the folder /mlruns, not ./mlruns. Write `sqlite:///mlflow.db`.'
    );
    expect(labels(shown)).toEqual(['Copy']);
  });

  it('shows the log of a local one that does not answer', () => {
    const connection: Connection = { ...LOCAL, state: 'unavailable' };
    expect(labels(banner({ connection }))).toEqual(['Try now', 'Show log']);
  });

  it('says how an upgrade goes and how it ended', () => {
    const task = {
      connectionId: 'local',
      what: 'upgrade',
      state: 'running',
      message: 'Checking the backup.',
      connection: null
    } as const;
    const connection: Connection = { ...LOCAL, state: 'schema' };
    expect(banner({ connection, task })?.text).toBe(
      'Backing up and upgrading mlflow.db… Checking the backup.'
    );
    const failed = { ...task, state: 'failed', message: 'No room.' } as const;
    expect(banner({ connection, task: failed })).toMatchObject({
      text: 'mlflow.db was not upgraded and is as it was. No room.',
      tone: 'error'
    });
  });

  it('shows the way to what was copied', () => {
    const task = {
      connectionId: 'local',
      what: 'copy',
      state: 'done',
      message: '',
      connection: LOCAL
    } as const;
    const shown = banner({ connection: LOCAL, task });
    expect(labels(shown)).toEqual(['Show them', 'Close']);
  });
});

describe('the banner of connections', () => {
  const notebook = {
    path: 'deep/a.ipynb',
    kernel: null
  } as BannerFacts['notebook'];

  it('offers what lies beside the notebook, when all else is well', () => {
    const offer: Connection = { ...LOCAL, label: 'local · deep/mlflow.db' };
    const shown = banner({ notebook, offer });
    expect(shown).toMatchObject({
      text: 'mlflow.db lies beside this notebook. Show its runs?',
      tone: 'calm'
    });
    expect(labels(shown)).toEqual(['Show', 'Not now']);
    expect(banner({ notebook, offer, leftOpenCount: 2 })?.text).toContain(
      'left open'
    );
  });

  it('tells a store in the root folder from one beside the notebook', () => {
    expect(banner({ notebook, offer: LOCAL })?.text).toBe(
      'mlflow.db lies in the root folder. Show its runs?'
    );
  });

  it('says that the notebook’s connection was taken away, and what to use', () => {
    const shown = banner({ notebook, connection: null, replacement: LOCAL });
    expect(labels(shown)).toEqual(['Use local · mlflow.db']);
  });

  it('says what a server answers that is not silent, and keeps the rows', () => {
    const freshness: Freshness = {
      ...FRESH,
      phase: 'stale',
      error: 'team · mlflow.example.org asks for fewer requests (429).',
      isAnswering: true,
      nextTryMs: NOON + 40_000
    };
    expect(banner({ freshness })?.text).toBe(
      'team · mlflow.example.org asks for fewer requests (429). 42 runs as last seen. Next try in 40 s.'
    );
  });

  it('counts down only while there is something to wait for', () => {
    const freshness: Freshness = {
      ...FRESH,
      phase: 'stale',
      nextTryMs: NOON - 1
    };
    expect(banner({ freshness })?.text).not.toContain('Next try');
  });
});

describe('emptyOf', () => {
  it('says how a notebook gets its first run', () => {
    expect(empty({})).toEqual({
      text: 'No runs in quickstart.ipynb yet. Whatever it logs appears here by itself: `mlflow.autolog()`, `mlflow.start_run()`, or `%%run` as a cell’s first line.',
      act: { act: 'insertExample', label: 'Insert an example cell' }
    });
  });

  it('asks for a notebook when none is open', () => {
    expect(empty({ notebook: null })?.text).toBe(
      'Open a notebook to see its runs.'
    );
  });

  it('says how many runs a filter hides', () => {
    expect(empty({ total: 42 })?.text).toBe(
      'None of 42 runs matches this filter.'
    );
  });

  it('names an experiment without runs', () => {
    const scope = {
      kind: 'experiment',
      experimentId: '1',
      name: 'churn'
    } as const;
    expect(empty({ scope })?.text).toBe('No runs in “churn” yet.');
  });

  it('is silent as soon as there is a row', () => {
    expect(empty({ total: 1, shown: 1 })).toBeNull();
  });
});
