import { beforeEach, describe, expect, test } from 'vitest';
import { Fleet, mixedSpecs } from '../../simulators/fleet.ts';
import type { FleetParts } from '../../simulators/fleet.ts';
import { catalogue } from '../../simulators/models/catalogue.ts';
import { Tally } from '../../simulators/tally.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { FakeConnector } from './support/fake-connector.ts';
import { settle } from './support/settle.ts';

let clock: ManualClock;
let tally: Tally;
let hubs: FakeConnector[];

beforeEach(() => {
  clock = new ManualClock();
  tally = new Tally();
  hubs = [];
});

function connectorFor(): FakeConnector {
  const hub = new FakeConnector();
  hubs.push(hub);
  return hub;
}

function fleet(parts: Partial<FleetParts> = {}): Fleet {
  return new Fleet({ specs: mixedSpecs('plant', 3), connectorFor, clock, tally, seed: 1, rate: 1, ...parts });
}

async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    clock.advance(1000);
    await settle();
  }
}

const times = (hub: FakeConnector | undefined) =>
  (hub?.received ?? []).flatMap((message) => (message.type === 'telemetry' ? [message.ts] : []));

describe('a mixed fleet', () => {
  test('has every kind in turn, under ids of their own', () => {
    const specs = mixedSpecs('plant', 2 * catalogue.length);
    expect(new Set(specs.map(({ device }) => device)).size).toBe(2 * catalogue.length);
    expect(specs.slice(0, catalogue.length).map(({ model }) => model)).toEqual(catalogue);
    expect(specs.at(-1)).toMatchObject({ group: 'plant', device: 'push-button-2', title: 'Push button 2' });
  });
});

describe('a fleet', () => {
  test('reports at its rate, on a grid: equal steps whatever the timers do', async () => {
    const running = fleet({ rate: 2 });
    running.start();
    await pass(10);
    for (const hub of hubs) {
      const stamps = times(hub);
      expect(stamps).toHaveLength(20);
      const steps = stamps.slice(1).map((ts, index) => (ts ?? 0) - (stamps[index] ?? 0));
      expect(new Set(steps)).toEqual(new Set([500]));
    }
    expect(running.connected).toBe(3);
    await running.stop();
  });

  test('two runs with one seed report the same values at the same times', async () => {
    const first = fleet();
    first.start();
    await pass(5);
    await first.stop();
    const firstHubs = hubs;
    [clock, hubs] = [new ManualClock(), []];
    const second = fleet({ clock });
    second.start();
    await pass(5);
    await second.stop();
    expect(hubs.map((hub) => hub.received)).toEqual(firstHubs.map((hub) => hub.received));
  });

  test('does not make up for instants that a sleeping machine missed', async () => {
    const running = fleet();
    running.start();
    await settle();
    clock.jump(3_600_000);
    await pass(3);
    expect(times(hubs[0])).toHaveLength(3);
    await running.stop();
  });

  test('a command reaches its device, and the new state is reported at once', async () => {
    const running = fleet();
    running.start();
    await settle();
    const answer = hubs[0]?.listener?.onCommand({ id: 'c', name: 'valve', args: { value: true } });
    expect(answer).toMatchObject({ ok: true });
    await settle();
    expect(hubs[0]?.received).toMatchObject([
      { type: 'telemetry', values: { valve: true }, confirms: 'valve' },
    ]);
    await running.stop();
  });

  test('faults are injected and counted; late readings come late with their own time', async () => {
    const running = fleet({ rate: 10, faults: new Set(['drop', 'duplicate', 'late']) });
    running.start();
    await pass(60);
    const stamps = times(hubs[0]).map(Number);
    expect(stamps.length).not.toBe(600);
    expect(stamps).not.toEqual(stamps.toSorted((a, b) => a - b));
    expect(tally.summary(1)).toMatch(/injected \(late\): \d+/);
    await running.stop();
  });

  test('stops: no more readings, everyone says farewell', async () => {
    const running = fleet();
    running.start();
    await pass(2);
    await running.stop();
    const before = hubs.map((hub) => hub.received.length);
    await pass(5);
    expect(hubs.map((hub) => hub.received.length)).toEqual(before);
    expect(hubs.map((hub) => hub.closed)).toEqual([1, 1, 1]);
  });
});
