import { expect, test } from 'vitest';
import { SparkplugHost } from '../../../bridges/mqtt/sparkplug-host.ts';

const host = new SparkplugHost('signalbox-1', 1_780_315_200_000.7);

test('birth and death of one connection are retained, at QoS 1, with the same time', () => {
  const common = { topic: 'spBv1.0/STATE/signalbox-1', qos: 1, retain: true };
  expect(host.birth).toEqual({
    ...common,
    payload: Buffer.from('{"online":true,"timestamp":1780315200000}'),
  });
  expect(host.death).toEqual({
    ...common,
    payload: Buffer.from('{"online":false,"timestamp":1780315200000}'),
  });
});

test('a death on our topic is noticed; a birth, another host and nonsense are not ours to answer', () => {
  expect(host.isDeath(host.death.topic, host.death.payload)).toBe(true);
  expect(host.isDeath(host.birth.topic, host.birth.payload)).toBe(false);
  expect(host.isDeath('spBv1.0/STATE/other', host.death.payload)).toBe(false);
  expect(host.isDeath(host.death.topic, Buffer.from('OFFLINE'))).toBe(false);
});
