import { beforeEach, describe, expect, test } from 'vitest';
import type { DeviceMessage } from '../../simulators/messages.ts';
import { modelOf } from '../../simulators/models/catalogue.ts';
import { sampleOf } from '../../simulators/models/model.ts';
import { deviceSeed, SimulatedDevice } from '../../simulators/simulated-device.ts';
import { ManualClock } from '../support/manual-clock.ts';

const startMs = Date.parse('2026-06-01T12:00:00Z');
let clock: ManualClock;
let said: DeviceMessage[];

beforeEach(() => {
  clock = new ManualClock(startMs);
  said = [];
});

function specOf(kind: string) {
  return { group: 'greenhouse', device: `${kind}-1`, title: 'One', model: modelOf(kind) };
}

function device(kind: string): SimulatedDevice {
  return new SimulatedDevice({
    spec: specOf(kind),
    fleetSeed: 1,
    clock,
    say: (message) => said.push(message),
  });
}

describe('a simulated device', () => {
  test('samples what its model says for that instant, stamped with it', () => {
    device('climate-sensor').sampleAt(startMs + 1000);
    const spec = specOf('climate-sensor');
    const values = sampleOf(spec.model, startMs + 1000, deviceSeed(spec, 1));
    expect(said).toEqual([{ type: 'telemetry', ts: startMs + 1000, values }]);
  });

  test('reports each press once, also when samples are far apart', () => {
    const button = device('push-button');
    for (const minute of [1, 2, 10]) button.sampleAt(startMs + minute * 60_000);
    const events = said.filter((message) => message.type === 'event');
    expect(events.length).toBeGreaterThan(3);
    expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
    const times = events.map((event) => event.ts ?? 0);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('switches its relay, reports the new state at once, and answers', () => {
    const bed = device('greenhouse-bed');
    const answer = bed.execute({ id: 'c1', name: 'valve', args: { value: true }, deadline: startMs + 1000 });
    expect(answer).toEqual({ ok: true, state: 'succeeded', result: { value: true } });
    expect(said).toMatchObject([
      { type: 'telemetry', ts: startMs, values: { valve: true }, confirms: 'valve' },
    ]);
    bed.sampleAt(startMs + 3_600_000);
    expect(said.at(-1)).toMatchObject({ values: { valve: true } });
  });

  test('toggles', () => {
    const bed = device('greenhouse-bed');
    bed.execute({ name: 'valve', args: { value: false } });
    bed.execute({ name: 'valve', args: { value: 'toggle' } });
    expect(said.at(-1)).toMatchObject({ values: { valve: true } });
  });

  test('takes a set point within its bounds', () => {
    expect(device('pump').execute({ id: 'c1', name: 'speed', args: { value: 85 } })).toMatchObject({
      ok: true,
    });
    expect(said).toMatchObject([{ values: { speed: 85 } }]);
  });

  test('turns a pressed button into an event', () => {
    expect(device('power-meter').execute({ id: 'c1', name: 'identify', args: null })).toMatchObject({
      ok: true,
    });
    expect(said).toMatchObject([{ type: 'event', name: 'identify', ts: startMs }]);
  });

  test('refuses a command past its deadline with the code "expired", and does not do it', () => {
    const answer = device('greenhouse-bed').execute({
      id: 'c1',
      name: 'valve',
      args: { value: true },
      deadline: startMs - 1,
    });
    expect(answer).toMatchObject({ ok: false, error: { code: 'expired' } });
    expect(said).toEqual([]);
  });

  const refused = [
    { name: 'self-destruct', args: null, code: 'unknown-command' },
    { name: 'speed', args: { value: 101 }, code: 'invalid-value' },
    { name: 'speed', args: { value: '85' }, code: 'invalid-value' },
    { name: 'running', args: { value: 1 }, code: 'invalid-value' },
    { name: 'running', args: [true], code: 'invalid-value' },
    { name: 'running', args: null, code: 'invalid-value' },
  ];
  for (const { name, args, code } of refused) {
    test(`refuses ${name} with ${JSON.stringify(args)} as ${code}, and does nothing`, () => {
      expect(device('pump').execute({ id: 'c1', name, args })).toMatchObject({ ok: false, error: { code } });
      expect(said).toEqual([]);
    });
  }

  test('does a command that comes twice once, and answers both times alike', () => {
    const bed = device('greenhouse-bed');
    const command = { id: 'c1', name: 'valve', args: { value: 'toggle' } };
    const first = bed.execute(command);
    expect(bed.execute(command)).toEqual(first);
    expect(said).toHaveLength(1);
  });
});
