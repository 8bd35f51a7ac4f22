import { expect, test } from 'vitest';
import { SparkplugHost } from '../../../bridges/mqtt/sparkplug-host.ts';

const host = new SparkplugHost('signalbox-1', 1_780_315_200_000.7);

test('birth and will of one connection are retained, at QoS 1, with the same time', () => {
  const common = { topic: 'spBv1.0/STATE/signalbox-1', qos: 1, retain: true };
  expect(host.birth).toEqual({
    ...common,
    payload: Buffer.from('{"online":true,"timestamp":1780315200000}'),
  });
  expect(host.will).toEqual({
    ...common,
    payload: Buffer.from('{"online":false,"timestamp":1780315200000}'),
  });
});

test('a farewell has the time of the farewell, never one before the birth', () => {
  for (const [nowMs, timestamp] of [
    [1_780_315_260_000.2, 1_780_315_260_000],
    [5, 1_780_315_200_000],
  ] as const)
    expect(JSON.parse(host.death(nowMs).payload.toString())).toEqual({ online: false, timestamp });
});

test('a death on our topic is noticed; a birth, another host and nonsense are not ours to answer', () => {
  expect(host.isDeath(host.will.topic, host.will.payload)).toBe(true);
  expect(host.isDeath(host.birth.topic, host.birth.payload)).toBe(false);
  expect(host.isDeath('spBv1.0/STATE/other', host.will.payload)).toBe(false);
  expect(host.isDeath(host.will.topic, Buffer.from('OFFLINE'))).toBe(false);
});
