import { describe, expect, test } from 'vitest';
import { Outbox } from '../../../simulators/links/outbox.ts';
import type { DeviceMessage } from '../../../simulators/messages.ts';

const reading = (ts: number): DeviceMessage => ({ type: 'telemetry', ts, values: { flow: ts } });

function outboxOf(capacity: number) {
  const lost: string[] = [];
  return { outbox: new Outbox({ capacity, onOverflow: () => void lost.push('overflow') }), lost };
}

/** Marks entries as sent, as a link does, and tells their times. */
function sendAll(outbox: Outbox, window: number, atMs = 1): (number | undefined)[] {
  const times: (number | undefined)[] = [];
  for (let entry = outbox.next(window); entry !== undefined; entry = outbox.next(window)) {
    entry.sentAtMs = atMs;
    if (entry.message.type === 'telemetry') times.push(entry.message.ts);
  }
  return times;
}

describe('the outbox', () => {
  test('gives the oldest first, and only as many as may be under way', () => {
    const { outbox } = outboxOf(10);
    for (const ts of [1, 2, 3, 4]) outbox.add(reading(ts));
    expect(sendAll(outbox, 3)).toEqual([1, 2, 3]);
  });

  test('an answer makes room for the next', () => {
    const { outbox } = outboxOf(10);
    for (const ts of [1, 2, 3]) outbox.add(reading(ts));
    const first = outbox.next(1);
    if (first === undefined) throw new Error('nothing waits');
    first.sentAtMs = 5;
    expect(outbox.next(1)).toBeUndefined();
    expect(outbox.remove(first)).toBe(true);
    expect(outbox.remove(first)).toBe(false);
    expect(sendAll(outbox, 1)).toEqual([2]);
  });

  test('after a cut, what was under way goes again, in its old order and before anything newer', () => {
    const { outbox } = outboxOf(10);
    for (const ts of [1, 2]) outbox.add(reading(ts));
    sendAll(outbox, 10);
    outbox.add(reading(3));
    outbox.rewind();
    expect(sendAll(outbox, 10)).toEqual([1, 2, 3]);
  });

  test('full, it forgets the oldest and counts it', () => {
    const { outbox, lost } = outboxOf(3);
    for (const ts of [1, 2, 3, 4, 5]) outbox.add(reading(ts));
    expect(outbox.size).toBe(3);
    expect(lost).toHaveLength(2);
    expect(sendAll(outbox, 10)).toEqual([3, 4, 5]);
  });

  test('tells how long the oldest has been under way', () => {
    const { outbox } = outboxOf(3);
    outbox.add(reading(1));
    expect(outbox.oldestSentAtMs()).toBeUndefined();
    sendAll(outbox, 1, 77);
    expect(outbox.oldestSentAtMs()).toBe(77);
  });
});
