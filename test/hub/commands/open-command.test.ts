import { describe, expect, test } from 'vitest';
import { commandStates as states, mayMove, type CommandState } from '#contract/command.ts';
import { OpenCommand } from '../../../hub/commands/open-command.ts';
import { toCommand } from '../../../hub/commands/request.ts';
import { settle } from '../../support/commits.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { FakeCommandStore, operator } from './fake-command-store.ts';

async function setup(state: CommandState = 'queued') {
  const store = new FakeCommandStore();
  const clock = new ManualClock();
  const counters = new CountersProbe();
  const nowMs = clock.nowUs() / 1000;
  const context = { group: 'home', id: 'c1', principal: operator, nowMs };
  const record = { ...toCommand({ device: 'lamp', name: 'relay', ttlMs: 1000 }, context), state };
  const seen: CommandState[] = [];
  const open = new OpenCommand(
    { store, clock, log: silentLog, counters },
    { record, stored: store.insert(record), moved: ({ record: moved }) => seen.push(moved.state) },
  );
  await settle();
  return { store, clock, counters, open, seen };
}

describe('Transitions', () => {
  for (const from of states)
    for (const to of states)
      test(`${from} → ${to}: ${mayMove(from, to) ? 'durable, then seen' : 'nothing happens'}`, async () => {
        const { store, open, seen } = await setup(from);
        expect(await open.move(to)).toBe(mayMove(from, to));
        const after = mayMove(from, to) ? to : from;
        expect([open.record.state, store.rows.get('home/c1')?.state]).toEqual([after, after]);
        expect(seen).toEqual(mayMove(from, to) ? [to] : []);
      });

  test('of two at once the first decides, and the history says when', async () => {
    const { clock, open } = await setup('sent');
    const moved = await Promise.all([open.move('succeeded'), open.move('failed')]);
    expect(moved).toEqual([true, false]);
    expect(open.record.history.at(-1)).toEqual({ state: 'succeeded', at: clock.nowUs() / 1000 });
  });

  test('nobody sees what is not durable; a store that fails is asked again', async () => {
    const { store, clock, counters, open, seen } = await setup();
    store.failing = new Error('disk full');
    const moved = open.move('sent');
    await settle();
    expect([open.record.state, seen]).toEqual(['queued', []]);
    store.failing = undefined;
    clock.advance(1000);
    expect(await moved).toBe(true);
    expect(seen[0]).toBe('sent');
    expect(counters.counts.get('commands/transition-not-stored')).toBe(1);
  });

  test('a record that somebody else changed is left alone', async () => {
    const { store, open, seen } = await setup();
    const row = store.rows.get('home/c1');
    if (row !== undefined) store.rows.set('home/c1', { ...row, state: 'cancelled' });
    expect(await open.move('sent')).toBe(false);
    expect(seen).toEqual([]);
  });
});

describe('The deadline', () => {
  const reasons = [
    ['queued', 'not-reached'],
    ['sent', 'no-answer'],
    ['accepted', 'not-finished'],
  ] as const;
  for (const [state, code] of reasons)
    test(`expires what is ${state}, because ${code}`, async () => {
      const { clock, open } = await setup(state);
      clock.advance(999);
      expect(open.isLate).toBe(false);
      clock.advance(1);
      expect(open.isLate).toBe(true);
      expect(await open.settled).toMatchObject({ state: 'expired', error: { code } });
      expect(open.ended.aborted).toBe(true);
    });

  test('does nothing to what is final', async () => {
    const { clock, open, seen } = await setup('sent');
    await open.move('succeeded');
    clock.advance(5000);
    await settle();
    expect(seen).toEqual(['succeeded']);
  });
});

describe('Giving way', () => {
  test('only while nothing was sent', async () => {
    const queued = await setup('queued');
    expect(await queued.open.takeBack('superseded')).toBe(true);
    const sent = await setup('sent');
    expect(await sent.open.takeBack('superseded')).toBe(false);
  });
});

describe('The end of the hub', () => {
  test('nothing moves any more, not even what is waiting for the store', async () => {
    const { store, clock, open, seen } = await setup();
    store.failing = new Error('disk full');
    const moved = open.move('sent');
    await settle();
    open.close();
    expect(await moved).toBe(false);
    clock.advance(5000);
    await settle();
    expect(seen).toEqual([]);
    expect(open.ended.aborted).toBe(true);
  });
});
