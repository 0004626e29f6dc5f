import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { askingCode, autologgingCode, tellingCode } from '../bootstrap';
import type { Telling } from '../messages';
import { tellWithPart } from '../unpacking';

const TELLING: Telling = {
  protocol: 1,
  notebook_path: 'a "b"\\\n\'c\' 😀\u2028.ipynb',
  notebook_id: 'id-1',
  connection_id: 'default',
  experiment_name: null,
  default_experiment: 'notebook'
};

const MAKE_PART = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as part:
    part.writestr('jupyterlab_experiments/__init__.py', '')
    part.writestr('jupyterlab_experiments/kernel/__init__.py',
                  'heard = []\\ndef tell(text): heard.append(text)\\n')
`;

/** What a kernel looks like after some cells: names, what it was told, where. */
const LOOK = `
import json, sys
kernel = sys.modules.get('jupyterlab_experiments.kernel')
print(json.dumps({'names': before, 'heard': kernel and kernel.heard,
                  'file': kernel and kernel.__file__}))
`;

let part: Uint8Array;
let folder: string;

function run(...cells: readonly string[]): {
  names: string[];
  heard: string[] | null;
  file: string | null;
} {
  const script = [...cells, 'before = sorted(globals())', LOOK].join('\n');
  // Without site-packages: an environment may have our package.
  const answer = execFileSync('python3', ['-I', '-S', '-c', script], {
    env: { ...process.env, TMPDIR: folder }
  });
  return JSON.parse(answer.toString());
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bootstrap-'));
  const path = join(folder, 'part.zip');
  execFileSync('python3', ['-c', MAKE_PART, path]);
  part = new Uint8Array(readFileSync(path));
});

describe('tellWithPart', () => {
  it('brings our package to a kernel that lacks it, and tells it', () => {
    const { heard, file } = run(tellWithPart(part)(TELLING));
    expect(heard?.map(text => JSON.parse(text))).toEqual([TELLING]);
    expect(file?.startsWith(folder)).toBe(true);
  });

  it('leaves no name behind', () => {
    const { names } = run(tellWithPart(part)(TELLING));
    expect(names.filter(name => !name.startsWith('__'))).toEqual([]);
  });

  it('unpacks once, into a folder of the user alone', () => {
    run(tellWithPart(part)(TELLING));
    run(tellWithPart(part)(TELLING));
    const [base] = readdirSync(folder).filter(name => name !== 'part.zip');
    expect(statSync(join(folder, base)).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(folder, base))).toHaveLength(1);
  });

  it('mends a folder from which files were swept away', () => {
    const sweep = `
import os, sys, jupyterlab_experiments.kernel as kernel
os.remove(kernel.__file__)
for name in list(sys.modules):
    if name.startswith('jupyterlab_experiments'): del sys.modules[name]
del kernel, name, os, sys
`;
    const code = tellWithPart(part)(TELLING);
    expect(run(code, sweep, code).heard).toHaveLength(1);
  });

  it('says nothing and raises nothing where there is no part', () => {
    expect(run(askingCode(TELLING)).heard).toBeNull();
  });

  it('raises nothing where the part cannot be read', () => {
    const broken = new Uint8Array([1, 2, 3]);
    expect(run(tellWithPart(broken)(TELLING)).heard).toBeNull();
  });

  it('uses a package that is there already', () => {
    const { heard } = run(tellWithPart(part)(TELLING), tellingCode(TELLING));
    expect(heard).toHaveLength(2);
    const code = tellWithPart(part)(TELLING);
    expect(run(code, askingCode(TELLING))).toMatchObject({
      names: expect.not.arrayContaining(['tell', 'telling']),
      heard: [expect.anything(), expect.anything()]
    });
  });

  it('is one line, so that no line of it is taken for a magic', () => {
    expect(tellWithPart(part)(TELLING)).not.toContain('\n');
    expect(tellingCode(TELLING)).not.toContain('\n');
  });
});

describe('autologgingCode', () => {
  it('calls the kernel part with a Python value', () => {
    expect(autologgingCode(true)).toBe(
      '__import__("jupyterlab_experiments.kernel", fromlist=["set_autologging"]).set_autologging(True)'
    );
  });
});
