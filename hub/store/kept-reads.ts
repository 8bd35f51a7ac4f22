/** The reading calls over what is kept for people: audit, quarantine, inbox, mappings. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Mapping } from '#contract/mapping.ts';
import type {
  AuditEntry,
  AuditQuery,
  AuditRow,
  InboxPayload,
  InboxQuery,
  InboxRow,
  QuarantineQuery,
  QuarantineRow,
} from '#ports';

type Row = Readonly<Record<string, unknown>>;

export function keptReads(database: DatabaseSync) {
  const audit = database.prepare(`
    SELECT id, record FROM audit
    WHERE id < :before
      AND (:principal IS NULL OR record ->> 'principal' = :principal)
      AND (:action IS NULL OR substr(record ->> 'action', 1, length(:action)) = :action)
      AND (:target IS NULL OR instr(record ->> 'target', :target) > 0)
    ORDER BY id DESC LIMIT :limit`);
  const mappings = database.prepare('SELECT record FROM mappings');
  return {
    audit(
      limit: number,
      { before = Number.MAX_SAFE_INTEGER, principal, action, target }: AuditQuery = {},
    ): readonly AuditRow[] {
      const wanted = { principal: principal ?? null, action: action ?? null, target: target ?? null };
      return audit
        .all({ limit, before, ...wanted })
        .map((row) => ({ id: Number(row['id']), ...(readRecord(row) as AuditEntry) }));
    },
    mappings: (): readonly Mapping[] => mappings.all().map(readRecord) as readonly Mapping[],
    ...quarantineReads(database),
    ...inboxReads(database),
  };
}

function quarantineReads(database: DatabaseSync) {
  const select = (among: string): StatementSync =>
    database.prepare(`
    SELECT id, at, code, message, source, content_type, bytes, circumstances FROM quarantine
    WHERE ${among} (:before IS NULL OR id < :before) AND (:code IS NULL OR code = :code)
      AND (:topic IS NULL OR source ->> 'topic' = :topic)
    ORDER BY id DESC LIMIT :limit`);
  const all = select('');
  // Each is looked up: however long the table is, it is not walked.
  const chosen = select('id IN (SELECT value FROM json_each(:ids)) AND');
  const count = database.prepare('SELECT count(*) AS n FROM quarantine');
  return {
    quarantine({ limit, before, code, topic, ids }: QuarantineQuery): readonly QuarantineRow[] {
      const query = { limit, before: before ?? null, code: code ?? null, topic: topic ?? null };
      const rows = ids === undefined ? all.all(query) : chosen.all({ ...query, ids: JSON.stringify(ids) });
      return rows.map(readQuarantineRow);
    },
    quarantineCount: (): number => Number(count.get()?.['n']),
  };
}

const aheadOfAll = { firstSeen: Number.MAX_VALUE, topic: '' };

function inboxReads(database: DatabaseSync) {
  const topics = database.prepare(`
    SELECT topic, principal, why, count, first_seen AS firstSeen, last_seen AS lastSeen
    FROM inbox WHERE (first_seen, topic) < (:firstSeen, :topic)
    ORDER BY first_seen DESC, topic DESC LIMIT :limit`);
  const payloads = database.prepare(
    'SELECT id, at, payload, principal FROM inbox_payloads JOIN inbox USING (topic) WHERE topic = ? ORDER BY id DESC',
  );
  const payloadsOf = (topic: unknown): readonly InboxPayload[] =>
    payloads.all(String(topic)) as unknown as readonly InboxPayload[];
  return {
    inbox: ({ limit, after = aheadOfAll }: InboxQuery): readonly InboxRow[] =>
      topics
        .all({ limit, firstSeen: after.firstSeen, topic: after.topic })
        .map((row) => ({ ...row, payloads: payloadsOf(row['topic']) })) as unknown as InboxRow[],
    inboxTopics: (): readonly string[] =>
      topics.all({ limit: -1, ...aheadOfAll }).map((row) => String(row['topic'])),
    inboxTopic: (topic: string): readonly InboxPayload[] => payloadsOf(topic),
  };
}

function readRecord(row: Row): unknown {
  return JSON.parse(String(row['record']));
}

function readQuarantineRow(row: Row): QuarantineRow {
  const { content_type: contentType, circumstances } = row;
  return {
    id: Number(row['id']),
    at: Number(row['at']),
    code: String(row['code']),
    message: String(row['message']),
    source: JSON.parse(String(row['source'])) as QuarantineRow['source'],
    raw: {
      bytes: row['bytes'] as Uint8Array,
      ...(typeof contentType === 'string' && { contentType }),
    },
    ...(typeof circumstances === 'string' && {
      circumstances: JSON.parse(circumstances) as QuarantineRow['circumstances'],
    }),
  };
}
