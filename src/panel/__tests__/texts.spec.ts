import { describe, expect, it } from 'vitest';
import type { ModelVersion } from '../../mlflow/entities';
import { printHtml, printMarkdown, printTsv } from '../copytable';
import { panelWidth } from '../gridcolumns';
import { KeptState } from '../kept';
import { commonModelName, nextVersion, versionChip } from '../registrations';
import { parseTags, printTags } from '../tagtext';
import { wrappedSource } from '../wrapcell';

const TABLE = {
  header: ['name', 'note'],
  rows: [['<b>&', 'a\tb|c']]
};

function version(name: string, number: string): ModelVersion {
  return {
    name,
    version: number,
    runId: 'r',
    modelId: null,
    source: '',
    status: 'READY',
    stage: 'None',
    aliases: [],
    description: '',
    creationTimeMs: null,
    tags: []
  };
}

describe('copied rows', () => {
  it('keep cells apart in a spreadsheet', () => {
    expect(printTsv(TABLE)).toBe('name\tnote\n<b>&\ta b|c');
  });

  it('are no markup of their own in HTML', () => {
    expect(printHtml(TABLE)).toContain('<td>&lt;b&gt;&amp;</td>');
  });

  it('keep their bars in Markdown', () => {
    expect(printMarkdown(TABLE)).toContain('a\tb\\|c');
  });
});

describe('tags as text', () => {
  it('come back as they were, line breaks included', () => {
    const tags = [
      { key: 'data', value: 'digits' },
      { key: 'note', value: 'a=b\nc' }
    ];
    expect([...parseTags(printTags(tags))]).toEqual([
      ['data', 'digits'],
      ['note', 'a=b\nc']
    ]);
  });

  it('leave out lines without a key', () => {
    expect(parseTags('\n = x\n').size).toBe(0);
  });
});

describe('registered versions', () => {
  it('are named by number where all bear one name', () => {
    expect(versionChip([version('digits', '4')], 'digits')).toBe('v4');
    expect(versionChip([version('digits', '4')], null)).toBe('digits v4');
    expect(versionChip(undefined, null)).toBeNull();
  });

  it('tell which one comes next', () => {
    const registrations = new Map([
      ['a', [version('digits', '9'), version('digits', '10')]],
      ['b', [version('digits', '11')]]
    ]);
    expect(nextVersion(registrations, () => true)).toEqual({
      name: 'digits',
      version: 12
    });
  });

  it('have no common name when there are two', () => {
    const registrations = new Map([
      ['a', [version('digits', '1'), version('scaler', '1')]]
    ]);
    expect(commonModelName(registrations, () => true)).toBeNull();
  });
});

describe('panelWidth', () => {
  it('has columns for what fits', () => {
    expect([250, 320, 480].map(panelWidth)).toEqual([
      'narrow',
      'normal',
      'wide'
    ]);
  });
});

describe('KeptState', () => {
  it('remembers a notebook’s view, and survives what it cannot read', () => {
    const texts = new Map([['k', '{"views": 3']]);
    const storage = {
      getItem: (key: string) => texts.get(key) ?? null,
      setItem: (key: string, text: string) => void texts.set(key, text)
    };
    new KeptState('k', storage).keepView('n', { scope: { kind: 'all' } });
    expect(new KeptState('k', storage).viewOf('n').scope).toEqual({
      kind: 'all'
    });
    expect(new KeptState('other', storage).viewOf('n')).toEqual({});
  });
});

describe('wrappedSource', () => {
  it('puts the magic on the first line, once', () => {
    expect(wrappedSource('fit()')).toBe('%%run\nfit()');
    expect(wrappedSource('%%run a\nfit()')).toBe('%%run a\nfit()');
  });
});
