import { beforeEach, describe, expect, test } from 'vitest';
import { DeviceLink } from '../../../simulators/links/device-link.ts';
import type { DeviceMessage } from '../../../simulators/messages.ts';
import { Tally } from '../../../simulators/tally.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { FakeConnector } from '../support/fake-connector.ts';
import { settle } from '../support/settle.ts';

const reading = (ts: number): DeviceMessage => ({ type: 'telemetry', ts, values: { flow: ts } });

let clock: ManualClock;
let hub: FakeConnector;
let tally: Tally;
let link: DeviceLink;
let troubles: string[];

beforeEach(() => {
  clock = new ManualClock();
  hub = new FakeConnector();
  tally = new Tally();
  troubles = [];
  link = new DeviceLink({
    connector: hub,
    clock,
    random: () => 0.999,
    tally,
    capacity: 50,
    onCommand: () => ({ ok: true }),
    onTrouble: (reason) => troubles.push(reason),
  });
});

const times = () => hub.received.map((message) => (message.type === 'telemetry' ? message.ts : undefined));

describe('a device’s link', () => {
  test('sends what was said before it was connected, oldest first', async () => {
    for (const ts of [1, 2, 3]) link.send(reading(ts));
    link.start();
    await settle();
    expect(times()).toEqual([1, 2, 3]);
    expect(tally.of('acknowledged')).toBe(3);
    expect(link.waiting).toBe(0);
  });

  test('keeps readings while the hub is away and delivers them with their own time, oldest first', async () => {
    link.start();
    await settle();
    link.send(reading(1));
    await settle();
    hub.cut();
    for (const ts of [2, 3, 4]) link.send(reading(ts));
    clock.advance(60_000);
    await settle();
    expect(times()).toEqual([1]);
    hub.isUp = true;
    clock.advance(60_000);
    await settle();
    expect(times()).toEqual([1, 2, 3, 4]);
    expect(tally.of('reconnects')).toBe(1);
  });

  test('sends again what the hub had not acknowledged when the connection broke', async () => {
    hub.outcome = undefined;
    link.start();
    await settle();
    link.send(reading(1));
    hub.cut();
    hub.isUp = true;
    hub.outcome = { kind: 'acknowledged' };
    clock.advance(1000);
    await settle();
    expect(times()).toEqual([1, 1]);
    expect(tally.of('acknowledged')).toBe(1);
  });

  test('never has more than a window under way', async () => {
    hub.outcome = undefined;
    link.start();
    await settle();
    for (let ts = 0; ts < 40; ts += 1) link.send(reading(ts));
    await settle();
    expect(hub.received).toHaveLength(20);
    expect(link.waiting).toBe(40);
  });

  test('of a long outage keeps the newest, and counts what overflowed', async () => {
    for (let ts = 0; ts < 60; ts += 1) link.send(reading(ts));
    link.start();
    await settle();
    expect(times()[0]).toBe(10);
    expect(tally.of('overflowed')).toBe(10);
  });

  test('tries again with growing delays, and says why', async () => {
    hub.isUp = false;
    link.start();
    await settle();
    const attempts: number[] = [];
    for (const ms of [250, 500, 1000, 2000]) {
      clock.advance(ms);
      await settle();
      attempts.push(hub.attempts);
    }
    expect(attempts).toEqual([2, 3, 4, 5]);
    expect(new Set(troubles)).toEqual(new Set(['the hub is away']));
  });

  test('takes a refusal as final and goes on', async () => {
    hub.outcome = { kind: 'refused', code: 'not-allowed' };
    link.start();
    link.send(reading(1));
    await settle();
    expect(link.waiting).toBe(0);
    expect([tally.of('refused'), tally.of('acknowledged')]).toEqual([1, 0]);
    expect(tally.summary(1)).toContain('refused (not-allowed): 1');
  });

  test('waits as long as the hub asks for before it tries again', async () => {
    hub.outcome = { kind: 'again', afterMs: 5000 };
    link.start();
    link.send(reading(1));
    await settle();
    hub.outcome = { kind: 'acknowledged' };
    clock.advance(4999);
    await settle();
    expect(hub.received).toHaveLength(1);
    clock.advance(1);
    await settle();
    expect(hub.received).toHaveLength(2);
    expect(tally.of('acknowledged')).toBe(1);
  });

  test('a hub that stays silent for half a minute is left and met anew', async () => {
    hub.outcome = undefined;
    link.start();
    await settle();
    link.send(reading(1));
    clock.advance(29_999);
    expect(hub.attempts).toBe(1);
    clock.advance(1000);
    await settle();
    expect(hub.attempts).toBe(2);
    expect(troubles).toContain('no acknowledgement in time');
  });

  test('counts and does the hub’s commands', async () => {
    link.start();
    await settle();
    expect(hub.listener?.onCommand({ id: 'c', name: 'valve', args: null })).toEqual({ ok: true });
    expect(tally.of('commands')).toBe(1);
  });

  test('says farewell at the end and does not come back', async () => {
    link.start();
    await settle();
    await link.stop();
    hub.cut();
    clock.advance(120_000);
    await settle();
    expect([hub.closed, hub.attempts]).toEqual([1, 1]);
  });
});
