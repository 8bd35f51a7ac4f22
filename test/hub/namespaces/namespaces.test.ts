import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Socket } from 'socket.io-client';
import { FairTurns } from '../../../hub/namespaces/fair-turns.ts';
import { attachNamespaces } from '../../../hub/namespaces/namespaces.ts';
import { eventPermissions } from '../../../hub/namespaces/permissions.ts';
import { Server } from '#socketio';
import { settle } from '../../support/commits.ts';
import { silentLog } from '../../support/fakes.ts';
import { ask, collect, EdgeUnderTest, next } from './edge-under-test.ts';

let edge: EdgeUnderTest;
beforeEach(async () => {
  edge = await EdgeUnderTest.start();
});
afterEach(() => edge.close());

describe('An event without a permission stops the start', () => {
  for (const [namespace, events] of Object.entries(eventPermissions))
    for (const event of Object.keys(events))
      test(`${namespace}: ${event}`, () => {
        const without = { ...eventPermissions, [namespace]: { ...events, [event]: undefined } };
        const { ingest, live, history, devices, commands, access, clock, counters, keepers } = edge;
        const turns = new FairTurns(clock);
        const core = { ingest, live, history, devices, commands, access, turns, clock, counters, ...keepers };
        expect(() => attachNamespaces({ io: new Server(), ...core, log: silentLog }, without)).toThrow(
          `${event} declares no permission`,
        );
      });
});

const wide = 'x'.repeat(1000);

/** Stops reading from the network, as a frozen tab does. */
const tcp = (client: Socket): { pause(): void; resume(): void } =>
  (client.io.engine as unknown as { transport: { ws: { _socket: { pause(): void; resume(): void } } } })
    .transport.ws._socket;

describe('A frozen dashboard', () => {
  test('costs bounded memory, harms nobody, and is told of its gap when it wakes', async () => {
    const token = edge.access.give('viewer', { role: 'viewer', groups: '*' });
    for (let index = 0; index < 200; index += 1) await edge.commit(`d${index}`, 'text', wide);
    const [frozen, lively] = [await edge.connect('/home', { token }), await edge.connect('/home', { token })];
    await ask(frozen, 'subscribe', {});
    await ask(lively, 'subscribe', {});
    const [missed, seen] = [collect<Frame>(frozen, 'readings'), collect<Frame>(lively, 'readings')];
    const gap = next<Gap>(frozen, 'gap');
    tcp(frozen).pause();
    const socket = edge.io._nsps.get('/home')?.sockets.get(frozen.id ?? '');
    let unsentBytes = 0;
    for (let round = 0; round < 60; round += 1) {
      for (let index = 0; index < 200; index += 1) await edge.commit(`d${index}`, 'text', `${round}${wide}`);
      edge.clock.advance(100);
      await ask(lively, 'devices', {});
      unsentBytes = Math.max(unsentBytes, socket?.bufferedBytes ?? 0);
    }
    expect(seen.length).toBeGreaterThanOrEqual(60);
    expect(edge.counters.counts.get('socketio/frame-skipped')).toBeGreaterThan(0);
    expect(unsentBytes).toBeLessThan(1024 * 1024);
    tcp(frozen).resume();
    const told = await advancing(gap);
    expect(told.reason).toBe('slow-consumer');
    expect(told.latest.map((tuple) => tuple[3])).toEqual(Array.from({ length: 200 }, () => `59${wide}`));
    const after = next<Frame>(frozen, 'readings');
    await edge.commit('d0', 'text', 'awake');
    edge.clock.advance(100);
    expect((await after).readings.map(([, , values]) => values)).toEqual([{ text: 'awake' }]);
    expect(missed.length).toBeLessThan(seen.length);
  });
});

/** Lets time pass until it has come. */
async function advancing<Result>(expected: Promise<Result>): Promise<Result> {
  const waiting = Symbol('waiting');
  for (;;) {
    edge.clock.advance(100);
    await settle();
    const result = await Promise.race([expected, Promise.resolve(waiting)]);
    if (typeof result !== 'symbol') return result;
  }
}

interface Frame {
  readonly readings: readonly (readonly unknown[])[];
}

interface Gap {
  readonly reason: string;
  readonly latest: readonly (readonly unknown[])[];
}
