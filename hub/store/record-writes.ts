/**
 * The writing calls of the control plane: devices, commands, tokens, sessions, audit, quarantine, inbox,
 * mappings.
 * Each runs in a savepoint of the group commit, so that one that fails takes nothing else with it.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { isFinal, type CommandRecord, type CommandState } from '#contract/command.ts';
import type { DeviceRecord, GroupRecord } from '#contract/device.ts';
import { limits } from '#contract/limits.ts';
import type { Mapping } from '#contract/mapping.ts';
import type { AuditEntry, InboxItem, QuarantineChange, QuarantineItem, SessionRow, TokenRow } from '#ports';
import { InboxTable } from './inbox-table.ts';
import type { Dropped } from './messages.ts';
import { moveWrites } from './move-writes.ts';
import { mqttStateWrites } from './mqtt-state.ts';
import { QuarantineTable } from './quarantine-table.ts';

export type RecordWrites = ReturnType<typeof recordWrites>;

/** @param dropped hears what a bounded table let go */
export function recordWrites(database: DatabaseSync, dropped: (what: Dropped) => void) {
  return {
    ...deviceWrites(database),
    ...moveWrites(database),
    ...commandWrites(database),
    ...tokenWrites(database),
    ...keepingWrites(database, dropped),
    ...mappingWrites(database),
    ...mqttStateWrites(database),
    /** A real commit, to see whether the disk takes one again. */
    probe(): void {
      database.prepare(`INSERT OR REPLACE INTO meta VALUES ('probe', ?)`).run(Math.random());
    },
    releasePacket(client: string, packet?: number): void {
      if (packet === undefined) database.prepare('DELETE FROM packet_ids WHERE client = ?').run(client);
      else database.prepare('DELETE FROM packet_ids WHERE client = ? AND packet = ?').run(client, packet);
    },
  };
}

function deviceWrites(database: DatabaseSync) {
  const save = database.prepare('INSERT OR REPLACE INTO devices VALUES (?, ?, ?)');
  const saveGroup = database.prepare('INSERT OR REPLACE INTO groups VALUES (?, ?)');
  const deleteGroup = database.prepare('DELETE FROM groups WHERE grp = ?');
  return {
    saveDevices(records: readonly DeviceRecord[]): void {
      for (const record of records) save.run(record.group, record.device, JSON.stringify(record));
    },
    saveGroup(group: GroupRecord): void {
      saveGroup.run(group.group, JSON.stringify(group));
    },
    deleteGroup(group: string): void {
      deleteGroup.run(group);
    },
  };
}

function commandWrites(database: DatabaseSync) {
  const find = database.prepare('SELECT record FROM commands WHERE grp = ? AND id = ?');
  const add = database.prepare(
    'INSERT INTO commands (grp, id, device, state, final, record) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const change = database.prepare(
    'UPDATE commands SET state = ?, final = ?, record = ? WHERE grp = ? AND id = ? AND state = ?',
  );
  return {
    insertCommand(command: CommandRecord): { readonly created: boolean; readonly command: CommandRecord } {
      const { group, id, device, state } = command;
      const found = find.get(group, id)?.['record'];
      if (typeof found === 'string') return { created: false, command: JSON.parse(found) as CommandRecord };
      add.run(group, id, device, state, Number(isFinal(state)), JSON.stringify(command));
      return { created: true, command };
    },
    updateCommand(command: CommandRecord, from: CommandState): boolean {
      const { group, id, state } = command;
      const final = Number(isFinal(state));
      return change.run(state, final, JSON.stringify(command), group, id, from).changes === 1;
    },
  };
}

function tokenWrites(database: DatabaseSync) {
  const saveToken = database.prepare('INSERT OR REPLACE INTO tokens VALUES (?, ?)');
  const saveSession = database.prepare('INSERT OR REPLACE INTO sessions VALUES (?, ?, ?)');
  const deleteSession = database.prepare('DELETE FROM sessions WHERE id_hash = ?');
  const deleteExpired = database.prepare('DELETE FROM sessions WHERE expires_at < ?');
  return {
    saveToken(token: TokenRow): void {
      saveToken.run(token.id, JSON.stringify(token));
    },
    saveSession(session: SessionRow): void {
      deleteExpired.run(session.createdAt);
      saveSession.run(session.idHash, session.expiresAt, JSON.stringify(session));
    },
    deleteSession(idHash: string): boolean {
      return deleteSession.run(idHash).changes === 1;
    },
  };
}

function keepingWrites(database: DatabaseSync, dropped: (what: Dropped) => void) {
  const quarantine = new QuarantineTable(database);
  const audit = new AuditTable(database);
  const inbox = new InboxTable(database);
  return {
    appendAudit(entry: AuditEntry): void {
      audit.add(entry).forEach(dropped);
    },
    addToQuarantine(item: QuarantineItem, at: number): void {
      quarantine.add({ ...item, at }).forEach(dropped);
    },
    settleQuarantine(changes: readonly QuarantineChange[]): void {
      quarantine.settle(changes);
    },
    purgeQuarantine: (ids: readonly number[] | undefined): number => quarantine.purge(ids),
    noteInInbox(item: InboxItem, at: number): void {
      inbox.note(item, at).forEach(dropped);
    },
    takenFromInbox(topic: string, ids: readonly number[]): void {
      inbox.taken(topic, ids);
    },
    removeFromInbox: (topic: string): boolean => inbox.remove(topic),
  };
}

function mappingWrites(database: DatabaseSync) {
  const save = database.prepare('INSERT OR REPLACE INTO mappings VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM mappings WHERE id = ?');
  return {
    saveMapping(mapping: Mapping): void {
      save.run(mapping.id, JSON.stringify(mapping));
    },
    removeMapping(id: string): void {
      remove.run(id);
    },
  };
}

class AuditTable {
  readonly #add: StatementSync;
  readonly #drop: StatementSync;

  constructor(database: DatabaseSync) {
    this.#add = database.prepare('INSERT INTO audit (record) VALUES (?)');
    this.#drop = database.prepare('DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - ?');
  }

  add(entry: AuditEntry): readonly Dropped[] {
    this.#add.run(JSON.stringify(entry));
    const by = Number(this.#drop.run(limits.auditRows).changes);
    return by === 0 ? [] : [{ kind: 'dropped', table: 'audit', by }];
  }
}
