import { describe, expect, it } from 'vitest';
import { nullTranslator } from '@jupyterlab/translation';
import type { Connection, Freshness } from '../../tokens';
import type { BannerFacts } from '../banners';
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
