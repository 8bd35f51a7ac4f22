import { describe, expect, test } from 'vitest';
import { RejectedDeliveryError, RequestError, toRefusal, TryAgainError } from '#contract/errors.ts';

describe('what was thrown, as a refusal on the wire', () => {
  test('our own errors tell their code and their sentence', () => {
    expect(toRefusal(new RejectedDeliveryError('too-old', 'Too old.')).error).toEqual({
      code: 'too-old',
      message: 'Too old.',
    });
    expect(toRefusal(new RequestError(404, 'not-found', 'No such device.')).error.code).toBe('not-found');
  });

  test('"not now" tells when to come back', () => {
    expect(toRefusal(new TryAgainError('busy', 'Busy.')).error.retryAfterMs).toBe(1000);
    expect(toRefusal(new TryAgainError('busy', 'Busy.', 50)).error.retryAfterMs).toBe(50);
  });

  test('so does a refusal that time mends, and no other', () => {
    const tooFast = new RequestError(429, 'too-many', 'Too fast.', { retryAfterMs: 50 });
    expect(toRefusal(tooFast).error.retryAfterMs).toBe(50);
    expect(toRefusal(new RequestError(404, 'not-found', 'None.')).error).not.toHaveProperty('retryAfterMs');
  });

  test('an unknown error keeps its details to itself', () => {
    for (const thrown of [new Error('SQLITE_FULL at /var/lib'), 'text', undefined]) {
      const refusal = toRefusal(thrown);
      expect(refusal.error.code).toBe('internal');
      expect(JSON.stringify(refusal)).not.toContain('SQLITE');
    }
  });

  test('the cause is kept for the log', () => {
    const cause = new Error('disk');
    expect(new TryAgainError('busy', 'Busy.', 1, { cause }).cause).toBe(cause);
  });
});
