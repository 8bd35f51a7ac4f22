/** The client as a program in Node has it: a token, a real hub, and a hub that is killed. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectToHub, LiveSeries, type Connection } from '../../../dashboards/client/index.ts';
import { HubProcess, until } from '../../support/hub-process.ts';

let hub: HubProcess;
let connection: Connection;

beforeEach(async () => {
  hub = await HubProcess.start();
  await tell(0);
  const token = await hub.createToken({ name: 'program', role: 'operator', groups: ['greenhouse'] });
  connection = connectToHub(hub.url, { token });
});

afterEach(async () => {
  connection?.close();
  await hub?.[Symbol.asyncDispose]();
});

/** Values and times grow together. */
async function tell(value: number): Promise<void> {
  const path = '/api/v1/groups/greenhouse/devices/bed-7/telemetry';
  const body = JSON.stringify({ ts: 1_795_000_000_000 + value * 1000, values: { temperature: value } });
  await hub.json(path, { method: 'POST', body });
}

function shown(series: LiveSeries): number[] {
  const ring = series.get('bed-7', 'temperature')?.ring;
  return Array.from({ length: ring?.length ?? 0 }, (_, at) => ring?.meanAt(at) ?? Number.NaN);
}

describe('A program', () => {
  test('sees history and live as one, also over a kill of the hub', { timeout: 40_000 }, async () => {
    const links: string[] = [];
    connection.onState(({ name }) => links.push(name));
    const states: string[] = [];
    const { channel, giveBack } = connection.borrow('greenhouse');
    const series = new LiveSeries({
      channel,
      devices: ['bed-*'],
      since: () => 1_795_000_000_000,
      onChange: ({ state }) => state !== states.at(-1) && states.push(state),
    });
    await until(() => shown(series).length === 1, 10_000);
    await tell(1);
    await until(() => shown(series).length === 2, 5000);
    await hub.kill();
    await until(() => series.state === 'stale', 5000);
    await hub.start();
    await tell(2);
    await tell(3);
    await until(() => shown(series).length === 4, 20_000);
    expect(shown(series)).toEqual([0, 1, 2, 3]);
    expect(states).toEqual(['connecting', 'live', 'stale', 'catching-up', 'live']);
    await until(() => connection.state.name === 'live', 10_000);
    expect(links).toEqual(expect.arrayContaining(['catching-up', 'live', 'offline']));
    series.close();
    giveBack();
  });

  test('asks across groups, and is told why it may not', { timeout: 20_000 }, async () => {
    await until(() => connection.fleet.connected, 10_000);
    const { devices } = await connection.fleet.request('search', { text: 'bed temp' });
    expect(devices.map(({ group, device }) => `${group}/${device}`)).toEqual(['greenhouse/bed-7']);
    const { channel } = connection.borrow('greenhouse');
    await until(() => channel.connected, 10_000);
    const command = { device: 'bed-8', name: 'valve', args: {} };
    await expect(channel.request('command', command)).rejects.toMatchObject({ code: 'no-such-device' });
  });
});
