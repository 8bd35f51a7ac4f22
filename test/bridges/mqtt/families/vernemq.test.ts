import { expect, test } from 'vitest';
import { understand } from './decode.ts';

test('a metric has its name again, of the node', () => {
  expect(understand('$SYS/VerneMQ@127.0.0.1/mqtt/publish/received', '7')).toEqual([
    'vernemq/VerneMQ_127.0.0.1-bb9f mqtt_publish_received = 7',
  ]);
  expect(understand('$SYS/VerneMQ@127.0.0.1/bytes/sent', '99')).toEqual([
    'vernemq/VerneMQ_127.0.0.1-bb9f bytes_sent = 99 By',
  ]);
});

for (const [topic, payload] of [
  ['$SYS/node1/mqtt/publish/received', '7'],
  ['$SYS/VerneMQ@127.0.0.1/mqtt/publish/received', 'seven'],
  ['$SYS/VerneMQ@127.0.0.1', '7'],
  ['VerneMQ@127.0.0.1/bytes/sent', '99'],
] as const)
  test(`${topic} with ${payload} is nobody’s`, () => expect(understand(topic, payload)).toEqual(['unknown']));
