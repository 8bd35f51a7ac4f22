import { expect, test } from 'vitest';
import { systemClock } from '../../hub/clock.ts';
import { InfluxBehind } from '../../hub/influx-behind.ts';
import type { InfluxConfig } from '../../hub/influx-settings.ts';
import type { Store } from '../../hub/ports.ts';
import { CountersProbe, silentLog } from '../support/fakes.ts';

const parts = {
  clock: systemClock,
  log: silentLog,
  counters: new CountersProbe(),
  random: (bytes: number) => new Uint8Array(bytes),
};
const config: InfluxConfig = {
  target: { url: 'http://127.0.0.1:1', bucket: 'signalbox' },
  spoolBytes: 1000,
  dropOldest: false,
  answersHistory: false,
  showsExisting: false,
};
const writeDeviceTags = ['device', 'host'];
const behind = (influx: InfluxConfig | undefined) => new InfluxBehind({ influx, writeDeviceTags }, parts);

test('without the setting there is nothing', async () => {
  const none = behind(undefined);
  expect([none.spool, none.replay]).toEqual([undefined, undefined]);
  expect(await none.start({ follower: undefined } as unknown as Store)).toEqual([]);
  await none.stop();
});

test('the spool refuses when it is full, unless the oldest may go', () => {
  expect(behind(config).spool).toEqual({ maxBytes: 1000, refuseWhenFull: true });
  const dropping = behind({ ...config, dropOldest: true });
  expect(dropping.spool).toEqual({ maxBytes: 1000, refuseWhenFull: false });
});

test('the hub’s own file answers history unless a setting says otherwise', async () => {
  const store = { journal: { series: { find: () => undefined } } } as unknown as Store;
  const asked = { groups: () => new Set<string>(), show: () => {} };
  expect(await behind(config).readings(store, asked)).toBeUndefined();
  const answering = behind({ ...config, answersHistory: true });
  const readings = await answering.readings(store, asked);
  await expect(readings?.query('home', { devices: ['d'], start: 0, end: 1 })).rejects.toMatchObject({
    code: 'history-unavailable',
  });
  await answering.stop();
});
