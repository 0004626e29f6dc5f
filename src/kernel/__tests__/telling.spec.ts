import type { Kernel } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TellWithPart } from '../bootstrap';
import type { Telling } from '../messages';
import type { Told } from '../telling';
import { Teller } from '../telling';
import { tellWithPart } from '../unpacking';

const TELLING: Telling = {
  protocol: 1,
  notebook_path: 'a.ipynb',
  notebook_id: 'made-id',
  connection_id: 'default',
  experiment_name: null,
  default_experiment: 'notebook'
};

/** A session whose kernel notes the code it is sent. */
class FakeSession {
  kernelChanged = new Signal<this, unknown>(this);
  statusChanged = new Signal<this, Kernel.Status>(this);
  connectionStatusChanged = new Signal<this, Kernel.ConnectionStatus>(this);
  specsManager = {
    specs: {
      kernelspecs: {
        python3: { language: 'python' },
        ir: { language: 'R' }
      }
    }
  };
  sent: string[] = [];
  status = 'ok';
  session: { kernel: unknown } | null = null;

  start(name = 'python3', id = 'k1'): void {
    const kernel = {
      id,
      name,
      info: Promise.resolve({ language_info: { name } }),
      requestExecute: ({ code }: { code: string }) => {
        this.sent.push(code);
        return {
          done: Promise.resolve({ content: { status: this.status } })
        };
      }
    };
    this.session = { kernel };
    this.kernelChanged.emit(null);
  }
}

let teller: Teller;
let session: FakeSession;
let isAsking: boolean;
let part: TellWithPart | null;

function startTeller(): void {
  teller = new Teller({
    session: session as unknown as Told,
    telling: () => TELLING,
    kernelPart: () => part,
    isAsking: () => isAsking,
    ready: () => Promise.resolve()
  });
}

const sentOnce = (): Promise<void> =>
  vi.waitFor(() => expect(session.sent).toHaveLength(1));

beforeEach(() => {
  session = new FakeSession();
  isAsking = false;
  part = null;
});

afterEach(() => teller.dispose());

describe('Teller', () => {
  it('tells a kernel as soon as it is ready', async () => {
    startTeller();
    session.start();
    await sentOnce();
    expect(session.sent[0]).toContain('made-id');
    expect(teller.toldAtMs).not.toBeNull();
  });

  it('tells in the same turn in which a cell is about to be sent', () => {
    startTeller();
    session.start();
    teller.tellOnce();
    teller.tellOnce();
    expect(session.sent).toHaveLength(1);
  });

  it('tells each life of a kernel anew', async () => {
    startTeller();
    session.start();
    await sentOnce();
    session.statusChanged.emit('restarting');
    expect(teller.toldAtMs).toBeNull();
    teller.tellOnce();
    expect(session.sent).toHaveLength(2);
    session.statusChanged.emit('autorestarting');
    session.connectionStatusChanged.emit('connected');
    await vi.waitFor(() => expect(session.sent).toHaveLength(3));
  });

  it('is quiet with kernels that are not Python', async () => {
    startTeller();
    session.start('ir');
    teller.tellOnce();
    await Promise.resolve();
    expect(teller.language).toBe('r');
    expect(session.sent).toEqual([]);
  });

  it('sends our package until the kernel has answered, then no more', () => {
    part = tellWithPart(new Uint8Array([80, 75]));
    startTeller();
    session.start();
    teller.tellOnce();
    teller.heard();
    teller.tellAgain();
    expect(session.sent[0]).toContain('UEs=');
    expect(session.sent[1]).toMatch(/^__import__\("jupyterlab_experiments/);
  });

  it('tells again when the package comes that a kernel may lack', async () => {
    startTeller();
    session.start();
    teller.tellOnce();
    part = tellWithPart(new Uint8Array([80, 75]));
    teller.tellUnheard();
    await vi.waitFor(() => expect(session.sent).toHaveLength(2));
    teller.heard();
    teller.tellUnheard();
    expect(session.sent).toHaveLength(2);
  });

  it('tells anew what was dropped behind a cell that failed', async () => {
    session.status = 'aborted';
    startTeller();
    session.start();
    teller.tellOnce();
    await vi.waitFor(() => expect(teller.toldAtMs).toBeNull());
    teller.tellOnce();
    expect(session.sent.length).toBeGreaterThan(1);
  });

  it('asks an older kernel for the id before it tells a made one', async () => {
    isAsking = true;
    startTeller();
    session.start();
    await sentOnce();
    expect(session.sent[0]).not.toContain('made-id');
    teller.heard();
    teller.tellOnce();
    expect(session.sent[1]).toContain('made-id');
  });

  it('says nothing again to a kernel that was told nothing yet', () => {
    startTeller();
    teller.tellAgain();
    expect(session.sent).toEqual([]);
  });
});
