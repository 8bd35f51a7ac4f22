import { expect, test } from 'vitest';
import { understand } from './decode.ts';

test('a count is a number under its own path', () => {
  expect(understand('$SYS/broker/clients/connected', '12')).toEqual([
    'mosquitto/broker clients.connected = 12',
  ]);
  expect(understand('$SYS/broker/load/messages/received/1min', '3.25')).toEqual([
    'mosquitto/broker load.messages.received.1min = 3.25',
  ]);
});

test('bytes and seconds have their units', () => {
  expect(understand('$SYS/broker/bytes/sent', '99')).toEqual(['mosquitto/broker bytes.sent = 99 By']);
  expect(understand('$SYS/broker/uptime', '77 seconds')).toEqual(['mosquitto/broker uptime = 77 s']);
});

test('a version is a text', () => {
  expect(understand('$SYS/broker/version', 'mosquitto version 2.0.11')).toEqual([
    'mosquitto/broker version = "mosquitto version 2.0.11"',
  ]);
});

test('the $SYS topics of brokers that nobody knows are nobody’s', () => {
  expect(understand('$SYS/node/uptime', '5 hours')).toEqual(['unknown']);
});
