import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import type { CallMessage } from '../../../hub/store/messages.ts';
import { TemporaryFile } from './temporary-file.ts';

function note(topic: string, at: number): CallMessage {
  const item = { topic, payload: new Uint8Array(), principal: 'p', why: '' };
  return { kind: 'call', call: at, name: 'noteInInbox', args: [item, at] };
}

describe('Bounded tables', () => {
  test('the inbox lets go of the topic that was silent longest', () => {
    const file = new TemporaryFile();
    file.writer.commit(Array.from({ length: limits.inboxTopics }, (_, index) => note(`t${index}`, index)));
    file.writer.commit([note('t0', 5000)]);
    expect(file.writer.commit([note('new', 6000)])).toContainEqual({
      kind: 'dropped',
      table: 'inbox',
      by: 1,
    });
    const topics = file.read.inbox({ limit: 2000 }).map(({ topic }) => topic);
    expect(topics).toHaveLength(limits.inboxTopics);
    expect(topics.slice(0, 2)).toEqual(['new', 't999']);
    expect(topics).toContain('t0');
    expect(topics).not.toContain('t1');
  });

  test('the audit log lets its oldest entry go', () => {
    const file = new TemporaryFile();
    const entry = { at: 1, principal: 'p', action: 'a', target: 't', outcome: 'ok' };
    file.call('appendAudit', { ...entry, target: 'first' });
    // As if almost as many had followed as are kept.
    const database = new DatabaseSync(file.file);
    database.prepare('INSERT INTO audit VALUES (?, ?)').run(limits.auditRows, JSON.stringify(entry));
    database.close();
    const append = { kind: 'call', call: 1, name: 'appendAudit', args: [entry] } as const;
    expect(file.writer.commit([append])).toContainEqual({ kind: 'dropped', table: 'audit', by: 1 });
    expect(file.read.audit(9)).toMatchObject([entry, entry]);
  });
});
