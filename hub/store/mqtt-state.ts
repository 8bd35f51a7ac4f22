/** The embedded broker's state: rows by kind, client and key, in the order in which they were first put. */
import type { DatabaseSync } from 'node:sqlite';
import type { BrokerChange, BrokerRow } from '#ports';

export function mqttStateWrites(database: DatabaseSync) {
  const put = database.prepare(`
    INSERT INTO mqtt_state (kind, client, key, facts, payload) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (kind, client, key) DO UPDATE SET facts = excluded.facts, payload = excluded.payload`);
  const remove = database.prepare('DELETE FROM mqtt_state WHERE kind = ? AND client = ? AND key = ?');
  const removeAll = database.prepare('DELETE FROM mqtt_state WHERE kind = ? AND client = ?');
  return {
    changeMqttState(changes: readonly BrokerChange[]): void {
      for (const change of changes) {
        const { kind, client } = change;
        if ('facts' in change) put.run(kind, client, change.key, change.facts, change.payload);
        else if (change.key === undefined) removeAll.run(kind, client);
        else remove.run(kind, client, change.key);
      }
    },
  };
}

export function mqttStateReads(database: DatabaseSync) {
  const all = database.prepare('SELECT kind, client, key, facts, payload FROM mqtt_state ORDER BY seq');
  return {
    mqttState: (): readonly BrokerRow[] => all.all() as unknown as readonly BrokerRow[],
  };
}
