import { describe, expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import type { CallMessage } from '../../../hub/store/messages.ts';
import { TemporaryFile } from './temporary-file.ts';

const source = { edge: 'mqtt', principal: 'p' } as const;

function note(topic: string, at: number): CallMessage {
  const item = { topic, payload: new Uint8Array(), principal: 'p', why: '' };
  return { kind: 'call', call: at, name: 'noteInInbox', args: [item, at] };
}

describe('Bounded tables', () => {
  test('the quarantine lets its oldest row go, and says so', () => {
    const { writer, read } = new TemporaryFile();
    const raw = { bytes: new Uint8Array([1]) };
    const add = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        kind: 'call' as const,
        call: index,
        name: 'addToQuarantine',
        args: [{ source, code: `c${index}`, message: '', raw }, index],
      }));
    writer.commit(add(limits.quarantineRows));
    expect(writer.commit(add(1))).toContainEqual({ kind: 'dropped', table: 'quarantine', by: 1 });
    expect(read.quarantineCount()).toBe(limits.quarantineRows);
  });

  test('the inbox lets go of the topic that was silent longest', () => {
    const file = new TemporaryFile();
    file.writer.commit(Array.from({ length: limits.inboxTopics }, (_, index) => note(`t${index}`, index)));
    file.writer.commit([note('t0', 5000)]);
    expect(file.writer.commit([note('new', 6000)])).toContainEqual({
      kind: 'dropped',
      table: 'inbox',
      by: 1,
    });
    const topics = file.read.inbox(2000).map(({ topic }) => topic);
    expect(topics).toHaveLength(limits.inboxTopics);
    expect(topics.slice(0, 2)).toEqual(['new', 't0']);
    expect(topics).not.toContain('t1');
  });

  test('long payloads are cut', () => {
    const file = new TemporaryFile();
    const raw = { bytes: new Uint8Array(limits.quarantinePayloadBytes + 1) };
    file.call('addToQuarantine', { source, code: 'c', message: '', raw }, 1);
    expect(file.read.quarantine(1)[0]?.raw.bytes.length).toBe(limits.quarantinePayloadBytes);
  });
});
