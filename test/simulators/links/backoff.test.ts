import { describe, expect, test } from 'vitest';
import { Backoff } from '../../../simulators/links/backoff.ts';
import { seededRandom } from '../../../simulators/signals/noise.ts';

describe('full jitter', () => {
  test('the first attempt comes within a quarter of a second, and the bound doubles', () => {
    const backoff = new Backoff(() => 1);
    expect([1, 2, 3, 4].map(() => backoff.nextMs())).toEqual([250, 500, 1000, 2000]);
  });

  test('no delay is ever above 30 s', () => {
    const backoff = new Backoff(() => 1);
    const delays = Array.from({ length: 100 }, () => backoff.nextMs());
    expect(Math.max(...delays)).toBe(30_000);
  });

  test('delays fill the whole range, so that a fleet does not return in step', () => {
    const random = seededRandom(1);
    const seconds = Array.from({ length: 300 }, () => {
      const backoff = new Backoff(random);
      for (let failure = 0; failure < 8; failure += 1) backoff.nextMs();
      return Math.floor(backoff.nextMs() / 1000);
    });
    expect(new Set(seconds).size).toBe(30);
  });

  test('after an answer it starts small again', () => {
    const backoff = new Backoff(() => 1);
    backoff.nextMs();
    backoff.nextMs();
    backoff.reset();
    expect(backoff.nextMs()).toBe(250);
  });
});
