import { expect, test } from 'vitest';
import { BrokerWatch } from '../../../bridges/mqtt/broker-watch.ts';

const dropped = '$SYS/broker/publish/messages/dropped';

test('tells what a broker drops while it is watched: not what it dropped before, and over its restart', () => {
  const watch = new BrokerWatch();
  const say = (text: string): number | undefined => watch.heard(dropped, Buffer.from(text));
  expect([say('100'), say('100'), say('103'), say('0'), say('2'), say('many')]).toEqual([
    undefined,
    undefined,
    3,
    undefined,
    2,
    undefined,
  ]);
  expect(watch.figures.droppedByBroker).toBe(5);
});

test('advises with the lines of the broker that it is, and says so when it does not know it', () => {
  const watch = new BrokerWatch();
  expect(watch.advice).toContain('its documentation');
  watch.heard('$SYS/broker/version', Buffer.from('mosquitto version 2.0.11'));
  expect(watch.advice).toContain('Mosquitto keeps at most 1000');
  expect(watch.advice).toContain('max_queued_messages 100000');
});
