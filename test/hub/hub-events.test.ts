import { describe, expect, test } from 'vitest';
import type { CommandRecord } from '#contract/command.ts';
import { RejectedDeliveryError, TryAgainError } from '#contract/errors.ts';
import type { DeviceChange } from '#ports';
import { HubEvents } from '../../hub/hub-events.ts';
import { settle } from '../support/commits.ts';
import { CountersProbe, silentLog } from '../support/fakes.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { IngestProbe } from './http/support.ts';

const name = { group: 'home', device: 'lamp' };
const wentOffline: DeviceChange = { kind: 'presence', ...name, presence: 'offline', since: 5, was: 'online' };

function setup() {
  const clock = new ManualClock();
  const counters = new CountersProbe();
  const ingest = new IngestProbe();
  const events = new HubEvents({ clock, log: silentLog, counters });
  const told = (): object[] => ingest.deliveries.flatMap((delivery) => [...(delivery.events ?? [])]);
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await settle();
  };
  return { counters, ingest, events, told, pass };
}

function command(state: CommandRecord['state'], error?: CommandRecord['error']): CommandRecord {
  const asked = { principal: 'p', requestedBy: 'Ann', createdAt: 1, deadline: 2, waitForDevice: false };
  return { ...name, id: 'c1', name: 'open', args: null, state, ...asked, history: [], error };
}

describe('What the hub tells of a device', () => {
  test('that it went offline and that it came back, as events of the hub', async () => {
    const { ingest, events, told, pass } = setup();
    events.start(ingest);
    events.device(wentOffline);
    events.device({ kind: 'presence', ...name, presence: 'online', since: 9, was: 'offline' });
    events.device({ kind: 'presence', ...name, presence: 'online', since: 9, was: 'stale' });
    events.device({ kind: 'group', group: 'home' });
    await pass(20);
    expect(ingest.deliveries).toMatchObject([{ source: { edge: 'hub' } }]);
    expect(told()).toMatchObject([
      { ...name, name: 'hub:offline', data: { since: 5, was: 'online' } },
      { ...name, name: 'hub:online', data: { since: 9 } },
    ]);
  });

  test('that a command failed or expired, also one that ended before the doors opened', async () => {
    const { ingest, events, told, pass } = setup();
    events.command(command('expired', { code: 'unknown-outcome', message: 'Who knows.' }));
    await pass(1000);
    expect(told()).toEqual([]);
    events.start(ingest);
    events.command(command('succeeded'));
    events.command(command('failed', { code: 'offline', message: 'Away.' }));
    await pass(20);
    expect(told()).toMatchObject([
      { name: 'hub:command-expired', data: { id: 'c1', name: 'open', code: 'unknown-outcome' } },
      { name: 'hub:command-failed', data: { requestedBy: 'Ann', code: 'offline' } },
    ]);
  });

  test('a store that cannot take them is asked again; nothing is told twice', async () => {
    const { ingest, events, counters, told, pass } = setup();
    let isFull = true;
    ingest.answer = () => {
      if (isFull) throw new TryAgainError('disk-full', 'Later.');
      return { epoch: 'e', offset: 1, accepted: 1, rejected: [] };
    };
    events.start(ingest);
    events.device(wentOffline);
    await pass(20);
    expect(counters.counts.get('hub-events/not-stored')).toBe(1);
    isFull = false;
    await pass(1000);
    await pass(10_000);
    expect(told()).toHaveLength(2);
  });

  test('one that can never be stored does not hold up the others', async () => {
    const { ingest, events, told, pass } = setup();
    ingest.answer = () => {
      throw new RejectedDeliveryError('device-denied', 'No.');
    };
    events.start(ingest);
    events.device(wentOffline);
    await pass(20);
    await pass(10_000);
    expect(told()).toHaveLength(1);
  });

  test('what waits is bounded', async () => {
    const { events, counters } = setup();
    for (let index = 0; index < 20_001; index += 1) events.device(wentOffline);
    expect(counters.counts.get('hub-events/too-many')).toBe(1);
  });
});
