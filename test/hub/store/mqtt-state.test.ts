import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { BrokerRow } from '#ports';
import { migrate, readMigrations } from '../../../hub/store/database.ts';
import { mqttStateReads, mqttStateWrites } from '../../../hub/store/mqtt-state.ts';

function row(key: string, facts: string, client = 'c'): BrokerRow {
  return { kind: 'queued', client, key, facts, payload: new Uint8Array([1]) };
}

test('rows keep the place of their first put; one, or all of a client, can be removed', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database, readMigrations(new URL('../../../hub/store/migrations/', import.meta.url)));
  const writes = mqttStateWrites(database);
  const reads = mqttStateReads(database);
  writes.changeMqttState([row('a', '1'), row('b', '2'), row('a', '3'), row('a', '4', 'other')]);
  expect(reads.mqttState().map(({ client, key, facts }) => [client, key, facts])).toEqual([
    ['c', 'a', '3'],
    ['c', 'b', '2'],
    ['other', 'a', '4'],
  ]);
  writes.changeMqttState([{ kind: 'queued', client: 'c', key: 'b' }]);
  expect(reads.mqttState()).toHaveLength(2);
  writes.changeMqttState([
    { kind: 'queued', client: 'c' },
    { kind: 'queued', client: 'nobody' },
  ]);
  expect(reads.mqttState()).toMatchObject([{ client: 'other', payload: new Uint8Array([1]) }]);
});
