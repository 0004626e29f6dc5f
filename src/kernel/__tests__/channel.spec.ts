import { Signal } from '@lumino/signaling';
import { describe, expect, it, vi } from 'vitest';
import type { Heard } from '../channel';
import { KernelChannel } from '../channel';
import type { LiveMessage } from '../messages';

const RUN = { protocol: 1, kind: 'run', run_id: 'r', event: 'updated' };

function hear(): {
  kinds: string[];
  say: (data: unknown, commId?: string, type?: string) => void;
  channel: KernelChannel;
} {
  const session = {} as { iopubMessage: Signal<unknown, unknown> };
  session.iopubMessage = new Signal<unknown, unknown>(session);
  const channel = new KernelChannel(session as unknown as Heard, 'ours');
  const kinds: string[] = [];
  channel.received.connect((_: unknown, message: LiveMessage) => {
    kinds.push(message.kind);
  });
  const say = (data: unknown, commId = 'ours', type = 'comm_msg'): void =>
    session.iopubMessage.emit({
      header: { msg_type: type },
      content: { comm_id: commId, data }
    });
  return { kinds, say, channel };
}

describe('KernelChannel', () => {
  it('hears our messages and no others', () => {
    const { kinds, say } = hear();
    say(RUN);
    say(RUN, 'widget');
    say(RUN, 'ours', 'stream');
    expect(kinds).toEqual(['run']);
  });

  it('drops what it cannot read, and says so once', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const { kinds, say } = hear();
    say({ protocol: 9 });
    say(null);
    say(RUN);
    expect(kinds).toEqual(['run']);
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it('hears nothing after it is disposed', () => {
    const { kinds, say, channel } = hear();
    channel.dispose();
    say(RUN);
    expect(kinds).toEqual([]);
  });
});
