import { describe, expect, test } from 'vitest';
import { TryAgainError } from '#contract/errors.ts';
import { Reply } from '../../../hub/namespaces/reply.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';

function setup() {
  const counters = new CountersProbe();
  const answers: object[] = [];
  const parts = { log: silentLog, counters };
  const reply = new Reply(parts, 'look', (answer: object) => void answers.push(answer));
  return { counters, answers, reply, toNobody: new Reply(parts, 'look', { an: 'argument' }) };
}

describe('A reply', () => {
  test('is given once', () => {
    const { answers, reply } = setup();
    expect(reply.isAwaited).toBe(true);
    reply.accept({ found: 1 });
    expect(reply.isAwaited).toBe(false);
    reply.accept({ found: 2 });
    reply.refuse(new Error('too late'));
    expect(answers).toEqual([{ ok: true, found: 1 }]);
  });

  test('that refuses says why, and is counted', () => {
    const { answers, counters, reply } = setup();
    reply.refuse(new TryAgainError('disk-full', 'The disk is full.', 2000));
    const error = { code: 'disk-full', message: 'The disk is full.', retryAfterMs: 2000 };
    expect(answers).toEqual([{ ok: false, error }]);
    expect(counters.counts.get('socketio/event-refused')).toBe(1);
  });

  test('that nobody waits for is counted all the same', () => {
    const { counters, toNobody } = setup();
    expect(toNobody.isAwaited).toBe(false);
    toNobody.accept({});
    toNobody.refuse(new Error('SELECT secret'));
    expect(counters.counts.get('socketio/event-failed')).toBe(1);
  });
});
