import { beforeEach, describe, expect, test } from 'vitest';
import type { CommandMessage } from '#contract/command.ts';
import type { CommittedReading } from '#contract/reading.ts';
import type { Link } from '#ports';
import type { FamilyControl } from '../../../bridges/mqtt/families/control.ts';
import { FamilyLinks } from '../../../bridges/mqtt/family-links.ts';
import type { WayBack } from '../../../bridges/mqtt/meaning.ts';
import { CountersProbe } from '../../support/fakes.ts';
import { RecordingCommands } from './fakes.ts';

const plug = { group: 'tasmota', device: 'plug' };
const relay: FamilyControl = {
  name: 'POWER',
  kind: 'switch',
  metric: 'POWER',
  tell: (wanted, { id }) => ({ topic: `cmnd/${id}`, payload: String(wanted) }),
};
const sender = { mayWrite: () => true };

class Way implements WayBack {
  open = true;
  readonly said: string[] = [];
  isOpen(): boolean {
    return this.open;
  }
  async publish(topic: string, payload: Uint8Array): Promise<void> {
    if (!this.open) throw new Error('The broker is not connected.');
    this.said.push(`${topic} ${String(payload)}`);
  }
}

let commands: RecordingCommands;
let links: FamilyLinks;
let way: Way;
beforeEach(() => {
  commands = new RecordingCommands();
  links = new FamilyLinks({ commands, counters: new CountersProbe() });
  way = new Way();
});

const linkOf = (): Link => {
  const link = commands.links.get('tasmota/plug');
  if (link === undefined) throw new Error('There is no link.');
  return link;
};
const command = (args: CommandMessage['args'], name = 'POWER'): CommandMessage => ({
  id: 'c1',
  name,
  args,
  deadline: 0,
  ttlMs: 5000,
});

describe('a device that is told in its family’s words', () => {
  test('can be reached once it has said what it can be told', () => {
    expect(commands.links.size).toBe(0);
    links.heard(plug, [relay], way, false);
    expect([...commands.links.keys()]).toEqual(['tasmota/plug']);
  });
  test('hears the command, and its state confirms it', async () => {
    links.heard(plug, [relay], way, false);
    const ended = new AbortController();
    const delivered = linkOf().deliver(command({ value: true }), ended.signal);
    expect(way.said).toEqual(['cmnd/c1 true']);
    expect(linkOf().confirmation?.(command({ value: true }))?.metrics).toEqual(['POWER']);
    ended.abort();
    expect(await delivered).toBeUndefined();
  });
  test('what it tells of the past confirms nothing', () => {
    links.heard(plug, [relay], way, false);
    const confirmation = linkOf().confirmation?.(command({ value: true }));
    const shown = { ...plug, metric: 'POWER', value: true, timeUs: 5 } as CommittedReading;
    links.past([{ ...plug, metric: 'POWER', timeUs: 5 }]);
    expect(confirmation?.judge(shown)).toBeUndefined();
    expect(confirmation?.judge({ ...shown, timeUs: 6 })).toMatchObject({ state: 'succeeded' });
  });
  test('may answer with the command’s id instead', async () => {
    links.heard(plug, [relay], way, false);
    const delivered = linkOf().deliver(command({ value: true }), new AbortController().signal);
    const answer = { ok: true, state: 'succeeded' } as const;
    expect(links.answered({ id: 'c1', answer }, { mayWrite: () => false })).toBe(false);
    expect(links.answered({ id: 'other', answer }, sender)).toBe(false);
    expect(links.answered({ id: 'c1', answer }, sender)).toBe(true);
    expect(await delivered).toEqual(answer);
    expect(links.answered({ id: 'c1', answer }, sender)).toBe(false);
  });
  test('is told nothing that it cannot take', async () => {
    links.heard(plug, [relay], way, false);
    const signal = new AbortController().signal;
    expect(await linkOf().deliver(command({ value: 7 }), signal)).toMatchObject({
      error: { code: 'invalid-value' },
    });
    expect(await linkOf().deliver(command({ value: true }, 'reboot'), signal)).toMatchObject({
      error: { code: 'unknown-command' },
    });
    expect(linkOf().confirmation?.(command({ value: 7 }))).toBeUndefined();
    expect(way.said).toEqual([]);
  });
  test('that cannot be told fails with the reason', async () => {
    links.heard(plug, [relay], way, false);
    way.open = false;
    expect(await linkOf().deliver(command({ value: true }), new AbortController().signal)).toEqual({
      ok: false,
      error: { code: 'not-delivered', message: 'The broker is not connected.' },
    });
  });
  test('is not reached while its status says offline; a replay is no sign of life', () => {
    links.heard(plug, [relay], way, true);
    links.status(plug, 'offline', way);
    expect(commands.links.size).toBe(0);
    links.heard(plug, [relay], way, true);
    expect(commands.links.size).toBe(0);
    links.heard(plug, [relay], way, false);
    expect(commands.links.size).toBe(1);
  });
  test('is reached again when the way is open again', () => {
    links.heard(plug, [relay], way, false);
    way.open = false;
    links.closed(way);
    expect(commands.links.size).toBe(0);
    links.opened(way);
    expect(commands.links.size).toBe(0);
    way.open = true;
    links.opened(way);
    expect(commands.links.size).toBe(1);
  });
  test('is reached through whoever spoke for it last', async () => {
    links.heard(plug, [relay], way, false);
    const newer = new Way();
    links.heard(plug, [relay], newer, false);
    links.closed(way);
    void linkOf().deliver(command({ value: false }), new AbortController().signal);
    expect([way.said, newer.said]).toEqual([[], ['cmnd/c1 false']]);
  });
});
