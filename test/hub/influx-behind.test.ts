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
};

test('without the setting there is nothing', async () => {
  const none = new InfluxBehind(undefined, parts);
  expect([none.spool, none.replay]).toEqual([undefined, undefined]);
  expect(await none.start({ follower: undefined } as unknown as Store)).toEqual([]);
  await none.stop();
});

test('the spool refuses when it is full, unless the oldest may go', () => {
  expect(new InfluxBehind(config, parts).spool).toEqual({ maxBytes: 1000, refuseWhenFull: true });
  const dropping = new InfluxBehind({ ...config, dropOldest: true }, parts);
  expect(dropping.spool).toEqual({ maxBytes: 1000, refuseWhenFull: false });
});
