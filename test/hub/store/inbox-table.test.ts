import { beforeEach, describe, expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import type { RecordPorts } from '../../../hub/store/record-ports.ts';
import { InboxTable } from '../../../hub/store/inbox-table.ts';
import { openForWriting } from '../../../hub/store/database.ts';
import { keptReads } from '../../../hub/store/kept-reads.ts';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-file.ts';

type Item = Parameters<RecordPorts['inbox']['note']>[0];
const item = (topic: string, payload = new Uint8Array([1])): Item => ({
  topic,
  payload,
  principal: 'p',
  why: 'w',
});

let table: InboxTable;
let read: ReturnType<typeof keptReads>;
beforeEach(() => {
  const database = openForWriting(join(temporaryFolder(), 'inbox.db'));
  table = new InboxTable(database);
  read = keptReads(database);
});

describe('The inbox in pages', () => {
  test('a topic that comes up or is seen again meanwhile neither hides nor repeats another', () => {
    for (const [at, topic] of ['a', 'b', 'c', 'd'].entries()) table.note(item(topic), at);
    table.note(item('same instant'), 2);
    const [first, last] = read.inbox({ limit: 2 });
    expect([first?.topic, last?.topic]).toEqual(['d', 'same instant']);
    table.note(item('a'), 9);
    table.note(item('new'), 9);
    const next = read.inbox({ limit: 9, after: last });
    expect(next.map(({ topic }) => topic)).toEqual(['c', 'b', 'a']);
  });
});

describe('The inbox is bounded', () => {
  test('a topic keeps its newest payloads only', () => {
    const most = limits.inboxPayloadsPerTopic;
    for (let at = 1; at <= most + 3; at += 1) table.note(item('a'), at);
    for (let at = 2; at <= 3; at += 1) table.note(item('b'), at);
    expect(read.inboxTopic('a').map(({ at }) => at)).toEqual(
      Array.from({ length: most }, (_, index) => most + 3 - index),
    );
    expect(read.inboxTopic('b')).toHaveLength(2);
    expect(read.inbox({ limit: 1, after: { firstSeen: 2, topic: 'b' } })).toMatchObject([
      { count: most + 3 },
    ]);
  });

  test('only the newest payload of a topic may be long, and it is cut', () => {
    const long = new Uint8Array(limits.quarantinePayloadBytes + 1);
    table.note(item('a', long), 1);
    expect(read.inboxTopic('a')[0]?.payload).toHaveLength(limits.quarantinePayloadBytes);
    table.note(item('a'), 2);
    expect(read.inboxTopic('a')).toMatchObject([{ at: 2 }]);
  });

  test('who was silent longest gives way, with its payloads, and is counted', () => {
    for (let at = 1; at <= limits.inboxTopics; at += 1) table.note(item(`t${at}`), at);
    expect(table.note(item('new'), 5000)).toEqual([{ kind: 'dropped', table: 'inbox', by: 1 }]);
    expect(read.inboxTopic('t1')).toEqual([]);
    expect(read.inboxTopics()).toHaveLength(limits.inboxTopics);
  });
});
