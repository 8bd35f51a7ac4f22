/**
 * The one that reads: every query of the hub, on a connection of its own, so that none waits for a commit and no
 * commit waits for it. Runs in the reader thread; knows no thread itself.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { CommandRecord } from '#contract/command.ts';
import type { DeviceName, DeviceRecord, GroupRecord } from '#contract/device.ts';
import type { CommandQuery, RangeQuery, SessionRow, TokenRow } from '#ports';
import { HistoryReader, type HistoryResult } from './history-reader.ts';
import { JournalReader } from './journal-reader.ts';
import { keptReads } from './kept-reads.ts';
import type { SeriesRow } from './messages.ts';
import { mqttStateReads } from './mqtt-state.ts';
import { readRules } from './retention.ts';

export type ReaderCalls = ReturnType<typeof readerCalls> & {
  /** In turns: `HistoryReaders`. */
  history(group: string, query: RangeQuery): HistoryResult;
};

export function readerCalls(database: DatabaseSync) {
  const journal = new JournalReader(database);
  const history = new HistoryReader(database);
  return {
    readJournal: journal.read.bind(journal),
    forgetSeries: journal.forgetSeries.bind(journal),
    packJournal: journal.pack.bind(journal),
    waiting: journal.waiting.bind(journal),
    latestUnmerged: journal.latestUnmerged.bind(journal),
    latestMerged: journal.latestMerged.bind(journal),
    events: journal.events.bind(journal),
    lastAt: history.lastAt.bind(history),
    retention: () => readRules(database),
    /** Of pages that hold nothing. */
    reusableBytes: () => pragma(database, 'freelist_count') * pragma(database, 'page_size'),
    ...recordReads(database),
  };
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function recordReads(database: DatabaseSync) {
  return {
    ...seriesAndDeviceReads(database),
    ...commandReads(database),
    ...tokenReads(database),
    ...keptReads(database),
    ...mqttStateReads(database),
  };
}

function seriesAndDeviceReads(database: DatabaseSync) {
  const columns = 'SELECT id, grp AS "group", device, metric, tags, line FROM series';
  const series = database.prepare(`${columns} WHERE id > ? ORDER BY id LIMIT ?`);
  const ofIds = database.prepare(`${columns} WHERE id IN (SELECT value FROM json_each(?))`);
  const devices = database.prepare(
    'SELECT record FROM devices WHERE (grp, device) > (?, ?) ORDER BY grp, device LIMIT ?',
  );
  const groups = database.prepare('SELECT record FROM groups');
  return {
    series: (after: number, limit: number): readonly SeriesRow[] =>
      series.all(after, limit) as unknown as readonly SeriesRow[],
    seriesRows: (ids: readonly number[]): readonly SeriesRow[] =>
      ofIds.all(JSON.stringify(ids)) as unknown as readonly SeriesRow[],
    devices: ({ group, device }: DeviceName, limit: number): readonly DeviceRecord[] =>
      devices.all(group, device, limit).map(readRecord) as readonly DeviceRecord[],
    groups: (): readonly GroupRecord[] => groups.all().map(readRecord) as readonly GroupRecord[],
  };
}

function commandReads(database: DatabaseSync) {
  const one = database.prepare('SELECT record FROM commands WHERE grp = ? AND id = ?');
  const open = database.prepare('SELECT record FROM commands WHERE final = 0 ORDER BY seq');
  const select = (ofDevice: string): StatementSync =>
    database.prepare(`
      SELECT record FROM commands WHERE grp = :group ${ofDevice}
        AND (:before IS NULL OR seq < (SELECT seq FROM commands WHERE grp = :group AND id = :before))
      ORDER BY seq DESC LIMIT :limit`);
  const ofGroup = select('');
  const ofDevice = select('AND device = :device');
  return {
    command(group: string, id: string): CommandRecord | undefined {
      const row = one.get(group, id);
      return row === undefined ? undefined : (readRecord(row) as CommandRecord);
    },
    openCommands: (): readonly CommandRecord[] => open.all().map(readRecord) as readonly CommandRecord[],
    commands(group: string, { device, limit, before }: CommandQuery): readonly CommandRecord[] {
      const query = { group, limit, before: before ?? null };
      const rows = device === undefined ? ofGroup.all(query) : ofDevice.all({ ...query, device });
      return rows.map(readRecord) as readonly CommandRecord[];
    },
  };
}

function tokenReads(database: DatabaseSync) {
  const tokens = database.prepare('SELECT record FROM tokens');
  const sessions = database.prepare('SELECT record FROM sessions');
  return {
    tokens: () => ({
      tokens: tokens.all().map(readRecord) as readonly TokenRow[],
      sessions: sessions.all().map(readRecord) as readonly SessionRow[],
    }),
  };
}

type Row = Readonly<Record<string, unknown>>;

function readRecord(row: Row): unknown {
  return JSON.parse(String(row['record']));
}
