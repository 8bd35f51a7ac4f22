import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import { migrate, readMigrations, transact } from '../../../hub/store/database.ts';
import type { QuarantineRecord } from '../../../hub/store/messages.ts';
import { QuarantineTable } from '../../../hub/store/quarantine-table.ts';

let database: DatabaseSync;
let table: QuarantineTable;

beforeEach(() => {
  database = new DatabaseSync(':memory:');
  onTestFinished(() => database.close());
  migrate(database, readMigrations(new URL('../../../hub/store/migrations/', import.meta.url)));
  table = new QuarantineTable(database);
});

function item(code: string, bytes = new Uint8Array([1])): QuarantineRecord {
  return { source: { edge: 'mqtt', principal: 'p' }, code, message: '', raw: { bytes }, at: 1 };
}

describe('The quarantine', () => {
  test('lets its oldest row go when it is full, and says so', () => {
    transact(database, () => {
      for (let row = 0; row < limits.quarantineRows; row += 1) expect(table.add(item(`c${row}`))).toEqual([]);
    });
    expect(table.add(item('last'))).toEqual([{ kind: 'dropped', table: 'quarantine', by: 1 }]);
    const ends = database
      .prepare('SELECT code FROM quarantine WHERE id IN (2, ?)')
      .all(limits.quarantineRows + 1);
    expect(ends).toMatchObject([{ code: 'c1' }, { code: 'last' }]);
    expect(database.prepare('SELECT count(*) AS n FROM quarantine').get()).toEqual({
      n: limits.quarantineRows,
    });
  });

  test('keeps only the start of a long payload', () => {
    table.add(item('c', new Uint8Array(limits.quarantinePayloadBytes + 1).fill(7)));
    const [row] = database.prepare('SELECT bytes FROM quarantine').all();
    expect(row?.['bytes']).toEqual(new Uint8Array(limits.quarantinePayloadBytes).fill(7));
  });
});
