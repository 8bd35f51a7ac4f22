import { describe, expect, test } from 'vitest';
import type { CommandAnswer, CommandRecord, CommandRequest } from '#contract/command.ts';
import { limits } from '#contract/limits.ts';
import type { Confirmation } from '#ports';
import { CommandService } from '../../../hub/commands/command-service.ts';
import { committed, reading, settle } from '../../support/commits.ts';
import { CountersProbe, silentLog, TimingsProbe } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { FakeAudit, FakeCommandStore, FakeLink, operator } from './fake-command-store.ts';

async function setup(store = new FakeCommandStore(), clock = new ManualClock()) {
  const audit = new FakeAudit();
  const counters = new CountersProbe();
  let made = 0;
  const random = (bytes: number): Uint8Array => new Uint8Array(bytes).fill((made += 1));
  const timings = new TimingsProbe();
  const base = { clock, log: silentLog, counters, timings };
  const commands = await CommandService.open({ store, audit, random, ...base });
  const seen: string[] = [];
  commands.onTransition(({ id, state, error }) =>
    seen.push([id, state, ...(error === undefined ? [] : [error.code])].join(' ')),
  );
  const send = (request: Partial<CommandRequest> = {}): Promise<CommandRecord> =>
    commands.send('home', { id: 'c1', device: 'lamp', name: 'relay', ...request }, operator, '192.0.2.1');
  return { store, clock, audit, counters, timings, commands, seen, send };
}

const code = (wanted: string): object => expect.objectContaining({ code: wanted });

const never = (): Promise<CommandAnswer | undefined> => new Promise(() => undefined);

describe('A command to a device that is there', () => {
  test('is durable, sent and answered, and everybody sees each step', async () => {
    const { store, clock, commands, seen, send } = await setup();
    const link = new FakeLink(async () => ({ ok: true, result: { on: true } }));
    commands.attach('home', 'lamp', link);
    const command = await send({ args: { value: true }, ttlMs: 5000 });
    expect(store.rows.get('home/c1')).toBeDefined();
    expect(await commands.settled('home', 'c1', 1000)).toMatchObject({
      state: 'succeeded',
      result: { on: true },
    });
    const nowMs = clock.nowUs() / 1000;
    expect(command.deadline).toBe(nowMs + 5000);
    expect(link.delivered).toEqual([
      { id: 'c1', name: 'relay', args: { value: true }, deadline: nowMs + 5000, ttlMs: 5000 },
    ]);
    expect(seen).toEqual(['c1 queued', 'c1 sent', 'c1 succeeded']);
  });

  test('is sent only after it is durable that it is', async () => {
    const { store, clock, commands, send } = await setup();
    const link = new FakeLink();
    await send({ ttlMs: 10_000, waitForDevice: true });
    store.failing = new Error('disk full');
    commands.attach('home', 'lamp', link);
    await settle();
    expect(link.delivered).toEqual([]);
    store.failing = undefined;
    clock.advance(1000);
    await settle();
    expect(link.delivered.length).toBe(1);
  });

  test('may be accepted first and finish later', async () => {
    const { commands, seen, send } = await setup();
    commands.attach('home', 'lamp', new FakeLink(async () => ({ ok: true, state: 'accepted' })));
    await send();
    await settle();
    expect(await commands.answer('home', 'lamp', 'c1', { ok: true })).toBe(true);
    expect(seen).toEqual(['c1 queued', 'c1 sent', 'c1 accepted', 'c1 succeeded']);
  });

  test('fails as the device says', async () => {
    const { commands, seen, send } = await setup();
    const error = { code: 'jammed', message: 'The valve is stuck.' };
    commands.attach('home', 'lamp', new FakeLink(async () => ({ ok: false, error })));
    await send();
    expect(await commands.settled('home', 'c1', 1000)).toMatchObject({ state: 'failed', error });
    expect(seen.at(-1)).toBe('c1 failed jammed');
  });

  test('fails when it could not be handed over', async () => {
    const { commands, seen, send } = await setup();
    commands.attach('home', 'lamp', new FakeLink(() => Promise.reject(new Error('gone'))));
    await send();
    await settle();
    expect(seen.at(-1)).toBe('c1 failed not-delivered');
  });

  test('expires when the device does not answer, and nobody waits for it any longer', async () => {
    const { clock, commands, seen, send } = await setup();
    const link = new FakeLink(never);
    commands.attach('home', 'lamp', link);
    await send({ ttlMs: 1000 });
    await settle();
    clock.advance(1000);
    await settle();
    expect(seen.at(-1)).toBe('c1 expired no-answer');
    expect(link.signal?.aborted).toBe(true);
    expect(await commands.answer('home', 'lamp', 'c1', { ok: true })).toBe(false);
  });

  test('a result too large to keep is counted, and the command has succeeded all the same', async () => {
    const { commands, counters, send } = await setup();
    commands.attach('home', 'lamp', new FakeLink(async () => ({ ok: true, result: 'x'.repeat(100_000) })));
    await send();
    const done = await commands.settled('home', 'c1', 1000);
    expect([done.state, done.result]).toEqual(['succeeded', undefined]);
    expect(counters.counts.get('commands/result-too-large')).toBe(1);
  });
});

describe('A command to a device that never answers', () => {
  const isOn: Confirmation = {
    metrics: ['relay'],
    judge: ({ value }) => (value === true ? { ok: true } : undefined),
  };

  /** A device that can be told and, from the test's hand, shows something. */
  async function silentDevice(confirmation: Confirmation | undefined = isOn) {
    const hub = await setup();
    const link = new FakeLink(async () => undefined, confirmation);
    hub.commands.attach('home', 'lamp', link);
    await hub.send({ args: { value: true }, ttlMs: 5000 });
    await settle();
    const show = async (fields: Parameters<typeof reading>[1]): Promise<void> => {
      hub.commands.seen(committed({ readings: [reading(1, { metric: 'relay', ...fields })] }));
      await settle();
    };
    return { ...hub, link, show };
  }

  test('succeeds when its telemetry shows the state', async () => {
    const { seen, show } = await silentDevice();
    await show({ value: false });
    expect(seen).toEqual(['c1 queued', 'c1 sent']);
    await show({ value: true });
    expect(seen.at(-1)).toBe('c1 succeeded');
  });

  test('expires by its deadline when the telemetry never shows it', async () => {
    const { clock, seen, show } = await silentDevice();
    await show({ value: false });
    clock.advance(5000);
    await settle();
    expect(seen.at(-1)).toBe('c1 expired not-confirmed');
    await show({ value: true });
    expect(seen.at(-1)).toBe('c1 expired not-confirmed');
  });

  test('fails when the telemetry shows that the device refused', async () => {
    const error = { code: 'refused', message: 'The relay is locked.' };
    const { seen, show } = await silentDevice({ metrics: ['relay'], judge: () => ({ ok: false, error }) });
    await show({ value: false });
    expect(seen.at(-1)).toBe('c1 failed refused');
  });

  for (const [what, fields] of [
    ['another device', { device: 'heater', value: true }],
    ['another group', { group: 'garage', value: true }],
    ['another metric', { metric: 'light', value: true }],
  ] as const)
    test(`is not confirmed by ${what}`, async () => {
      const { seen, show } = await silentDevice();
      await show(fields);
      expect(seen.at(-1)).toBe('c1 sent');
    });

  test('is not confirmed by a retained replay: that shows what was', async () => {
    const { commands, seen } = await silentDevice();
    commands.seen(committed({ state: [reading(0, { metric: 'relay', value: true })] }));
    await settle();
    expect(seen.at(-1)).toBe('c1 sent');
  });

  test('is confirmed by what comes while it is being handed over', async () => {
    const { commands, seen, send } = await setup();
    const readings = [reading(1, { metric: 'relay', value: true })];
    const showAtOnce = async (): Promise<undefined> => commands.seen(committed({ readings })) as undefined;
    commands.attach('home', 'lamp', new FakeLink(showAtOnce, isOn));
    await send();
    await settle();
    expect(seen.at(-1)).toBe('c1 succeeded');
  });
});

describe('A command to a device that is away', () => {
  test('fails at once', async () => {
    const { seen, send } = await setup();
    await send();
    await settle();
    expect(seen).toEqual(['c1 queued', 'c1 failed offline']);
  });

  test('waits if asked to, and is sent when the device comes', async () => {
    const { clock, commands, seen, send } = await setup();
    await send({ waitForDevice: true, ttlMs: 60_000 });
    clock.advance(30_000);
    const link = new FakeLink();
    commands.attach('home', 'lamp', link);
    await settle();
    expect(seen).toEqual(['c1 queued', 'c1 sent', 'c1 succeeded']);
    expect(link.delivered[0]?.ttlMs).toBe(30_000);
  });

  test('that waited too long is never sent', async () => {
    const { clock, commands, seen, send } = await setup();
    await send({ waitForDevice: true, ttlMs: 1000 });
    clock.advance(1000);
    const link = new FakeLink();
    commands.attach('home', 'lamp', link);
    await settle();
    expect(seen).toEqual(['c1 queued', 'c1 expired not-reached']);
    expect(link.delivered).toEqual([]);
  });

  test('is not sent late when the wall clock jumps', async () => {
    const { clock, commands, seen, send } = await setup();
    await send({ waitForDevice: true, ttlMs: 60_000 });
    clock.jump(120_000);
    const link = new FakeLink();
    commands.attach('home', 'lamp', link);
    await settle();
    expect(link.delivered).toEqual([]);
    expect(seen.at(-1)).toBe('c1 expired not-reached');
  });

  test('goes over the link that is open when it is sent, once, however often devices come and go', async () => {
    const { commands, send } = await setup();
    await send({ waitForDevice: true });
    const [first, second] = [new FakeLink(never), new FakeLink(never)];
    commands.attach('home', 'lamp', first)();
    commands.attach('home', 'lamp', second);
    commands.attach('home', 'lamp', second);
    await settle();
    expect([first.delivered.length, second.delivered.length]).toEqual([0, 1]);
  });
});

describe('Taking back', () => {
  test('a command that waits is cancelled, once and for all', async () => {
    const { commands, seen, send } = await setup();
    await send({ waitForDevice: true });
    expect(await commands.cancel('home', 'c1')).toMatchObject({ state: 'cancelled' });
    expect(await commands.cancel('home', 'c1')).toMatchObject({ state: 'cancelled' });
    const link = new FakeLink();
    commands.attach('home', 'lamp', link);
    await settle();
    expect(link.delivered).toEqual([]);
    expect(seen).toEqual(['c1 queued', 'c1 cancelled']);
  });

  test('what is on its way or over cannot be', async () => {
    const { commands, send } = await setup();
    commands.attach('home', 'lamp', new FakeLink(never));
    await send();
    await settle();
    await expect(commands.cancel('home', 'c1')).rejects.toThrow(code('already-sent'));
    await expect(commands.cancel('home', 'c9')).rejects.toThrow(code('no-such-command'));
  });
});

describe('The same id again', () => {
  test('is the same command: sent once, answered with its state', async () => {
    const { commands, seen, send } = await setup();
    const link = new FakeLink();
    commands.attach('home', 'lamp', link);
    await Promise.all([send(), send()]);
    await settle();
    expect((await send()).state).toBe('succeeded');
    expect(link.delivered.length).toBe(1);
    expect(seen.length).toBe(3);
  });

  test('with something else in it is refused', async () => {
    const { commands, send } = await setup();
    commands.attach('home', 'lamp', new FakeLink(never));
    await send();
    await expect(send({ name: 'reset' })).rejects.toMatchObject({ status: 409, code: 'id-taken' });
    await settle();
    await expect(send({ args: 1 })).rejects.toMatchObject({ status: 409, code: 'id-taken' });
  });

  test('in another group is another command', async () => {
    const { commands, send } = await setup();
    await send();
    const other = await commands.send('farm', { id: 'c1', device: 'pump', name: 'on' }, operator);
    expect(other.group).toBe('farm');
  });

  test('without an id each is one of its own', async () => {
    const { commands } = await setup();
    const request = { device: 'lamp', name: 'relay' };
    const [one, two] = [
      await commands.send('home', request, operator),
      await commands.send('home', request, operator),
    ];
    expect(one.id).toMatch(/^[\w-]{16}$/);
    expect(one.id).not.toBe(two.id);
  });
});

describe('Set-points', () => {
  test('a newer one takes the place of those that wait, and of no other command', async () => {
    const { commands, seen, send } = await setup();
    const waiting = { waitForDevice: true } as const;
    await send({ ...waiting, id: 'old', name: 'target' });
    await send({ ...waiting, id: 'other', name: 'relay' });
    await send({ ...waiting, id: 'new', name: 'target', supersede: true });
    expect(seen.filter((line) => !line.endsWith('queued'))).toEqual(['old superseded']);
    const link = new FakeLink();
    commands.attach('home', 'lamp', link);
    await settle();
    expect(link.delivered.map(({ id }) => id)).toEqual(['other', 'new']);
  });

  test('make room for themselves among the pending', async () => {
    const { send } = await setup();
    for (let index = 0; index < limits.commandsPending; index += 1)
      await send({ id: `c${index}`, waitForDevice: true });
    await expect(send({ id: 'more', waitForDevice: true })).rejects.toMatchObject({
      status: 429,
      code: 'too-many-pending',
    });
    expect((await send({ id: 'newest', waitForDevice: true, supersede: true })).state).toBe('queued');
  });
});

describe('Limits', () => {
  test('a principal sends at a bounded rate', async () => {
    const { clock, send } = await setup();
    for (let index = 0; index < limits.commandsPerSecond; index += 1) {
      await send({ id: `c${index}` });
      await settle();
    }
    await expect(send({ id: 'more' })).rejects.toMatchObject({
      status: 429,
      code: 'too-many-commands',
      retryAfterMs: Math.ceil(1000 / limits.commandsPerSecond),
    });
    clock.advance(1000);
    expect((await send({ id: 'more' })).state).toBe('queued');
  });

  test('a command that could not be stored leaves nothing behind', async () => {
    const { store, commands, seen, send } = await setup();
    store.failing = new Error('disk full');
    await expect(send()).rejects.toThrow('disk full');
    store.failing = undefined;
    await expect(commands.settled('home', 'c1', 10)).rejects.toMatchObject({ status: 404 });
    expect(seen).toEqual([]);
    expect((await send()).state).toBe('queued');
  });
});

describe('Answers', () => {
  test('count only from the device that was asked', async () => {
    const { commands, counters, send } = await setup();
    commands.attach('home', 'lamp', new FakeLink(async () => undefined));
    await send();
    await settle();
    expect(await commands.answer('home', 'fan', 'c1', { ok: true })).toBe(false);
    expect(await commands.answer('home', 'lamp', 'c2', { ok: true })).toBe(false);
    expect(counters.counts.get('commands/answer-to-nothing-open')).toBe(2);
    expect(await commands.answer('home', 'lamp', 'c1', { ok: true, result: 1 })).toBe(true);
  });

  test('settled answers with the present state when it takes longer than one wants to wait', async () => {
    const { clock, commands, send } = await setup();
    commands.attach('home', 'lamp', new FakeLink(never));
    await send({ ttlMs: 60_000 });
    await settle();
    const settled = commands.settled('home', 'c1', 5000);
    await settle();
    clock.advance(5000);
    expect((await settled).state).toBe('sent');
  });
});

describe('The audit log', () => {
  test('has every command twice: as it was asked for and as it ended', async () => {
    const { audit, send } = await setup();
    await send();
    await settle();
    const entry = {
      principal: 'p1',
      address: '192.0.2.1',
      action: 'command:send',
      target: 'home/lamp relay c1',
    };
    expect(audit.entries).toEqual([
      { ...entry, at: expect.any(Number), outcome: 'queued' },
      { ...entry, at: expect.any(Number), outcome: 'failed offline' },
    ]);
  });
});

describe('A restart', () => {
  test('says of what was on its way that nobody knows, and goes on with what waited', async () => {
    const first = await setup();
    first.commands.attach('home', 'lamp', new FakeLink(never));
    await first.send({ id: 'sent', ttlMs: 60_000 });
    await first.send({ id: 'waiting', device: 'away', waitForDevice: true, ttlMs: 60_000 });
    await first.send({ id: 'too-late', device: 'away', waitForDevice: true, ttlMs: 1000 });
    await settle();
    await first.commands.close();
    const clock = new ManualClock(first.clock.nowUs() / 1000 + 2000);
    const { store, commands, audit } = await setup(first.store, clock);
    expect(store.rows.get('home/sent')).toMatchObject({
      state: 'expired',
      error: { code: 'unknown-outcome' },
    });
    expect(store.rows.get('home/too-late')).toMatchObject({
      state: 'expired',
      error: { code: 'not-reached' },
    });
    expect(audit.entries.map(({ outcome }) => outcome).toSorted()).toEqual([
      'expired not-reached',
      'expired unknown-outcome',
    ]);
    const link = new FakeLink();
    commands.attach('home', 'away', link);
    await settle();
    expect(link.delivered.map(({ id }) => id)).toEqual(['waiting']);
  });

  test('after close nothing is sent or moved', async () => {
    const { store, clock, commands, seen, send } = await setup();
    await send({ waitForDevice: true, ttlMs: 1000 });
    await commands.close();
    const link = new FakeLink();
    commands.attach('home', 'lamp', link);
    clock.advance(2000);
    await settle();
    expect(link.delivered).toEqual([]);
    expect(seen).toEqual(['c1 queued']);
    expect(store.rows.get('home/c1')?.state).toBe('queued');
  });
});

test('commands of a group are listed newest first', async () => {
  const { commands, send } = await setup();
  for (const [id, device] of [
    ['a', 'lamp'],
    ['b', 'fan'],
    ['c', 'lamp'],
  ] as const)
    await send({ id, device });
  const listed = await commands.list('home', { device: 'lamp', limit: 5 });
  expect(listed.map(({ id }) => id)).toEqual(['c', 'a']);
});

test('Every final state is timed from the request on', async () => {
  const { clock, counters, timings, commands, send } = await setup();
  await send({ waitForDevice: true, ttlMs: 10_000 });
  clock.advance(2500);
  commands.attach('home', 'lamp', new FakeLink());
  await settle();
  expect(timings.observed).toEqual([['command', 2.5]]);
  expect([...counters.counts]).toEqual([['commands.ended/succeeded', 1]]);
});
