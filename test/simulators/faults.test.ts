import { describe, expect, test } from 'vitest';
import { injectFaults, skewOf } from '../../simulators/faults.ts';
import type { Fault } from '../../simulators/faults.ts';
import { seededRandom } from '../../simulators/signals/noise.ts';

const message = { type: 'telemetry', ts: 1_780_000_000_000, values: { flow: 1 } } as const;
const rightClock = { skew: { kind: 'right' }, bootMs: 0 } as const;

function runs(fault: Fault, count = 2000) {
  const random = seededRandom(1);
  return Array.from({ length: count }, () => injectFaults(message, new Set([fault]), random, rightClock));
}

describe('faults', () => {
  test('without any, a message is sent once, now, unchanged', () => {
    const faulty = injectFaults(message, new Set(), seededRandom(1), rightClock);
    expect(faulty).toEqual({ deliveries: [{ message, delayMs: 0 }], injected: [] });
  });

  test('drop loses about one in twenty and says which', () => {
    const lost = runs('drop').filter(({ deliveries }) => deliveries.length === 0);
    expect(lost.length).toSatisfy((n: number) => n > 60 && n < 140);
    expect(lost.every(({ injected }) => injected[0] === 'drop')).toBe(true);
  });

  test('duplicate sends the same message twice', () => {
    const twice = runs('duplicate').find(({ deliveries }) => deliveries.length === 2);
    expect(twice?.deliveries).toEqual([
      { message, delayMs: 0 },
      { message, delayMs: 0 },
    ]);
  });

  test('late sends it with its own time, up to a minute later', () => {
    const late = runs('late').filter(({ injected }) => injected.includes('late'));
    expect(late.length).toBeGreaterThan(60);
    for (const { deliveries } of late) {
      expect(deliveries[0]?.message).toEqual(message);
      expect(deliveries[0]?.delayMs).toBeGreaterThanOrEqual(1000);
      expect(deliveries[0]?.delayMs).toBeLessThanOrEqual(60_000);
    }
  });

  test('a wrong clock is wrong for good: ahead, behind, or counting from 1970', () => {
    const random = seededRandom(2);
    const kinds = Array.from({ length: 300 }, () => skewOf(new Set<Fault>(['clock']), random));
    expect(new Set(kinds.map(({ kind }) => kind))).toEqual(new Set(['right', 'off', 'unset']));
    const clock = { skew: { kind: 'unset' }, bootMs: message.ts - 5000 } as const;
    const faulty = injectFaults(message, new Set<Fault>(['clock']), random, clock);
    expect(faulty.deliveries[0]?.message).toMatchObject({ ts: 5000 });
    expect(faulty.injected).toEqual(['clock']);
  });

  test('the same seed makes the same faults', () => {
    expect(runs('late', 50)).toEqual(runs('late', 50));
  });

  test('an answer to a command is never touched', () => {
    const result = { type: 'result', commandId: 'c', answer: { ok: true } } as const;
    for (let n = 0; n < 100; n += 1)
      expect(
        injectFaults(result, new Set<Fault>(['drop']), seededRandom(n), rightClock).deliveries,
      ).toHaveLength(1);
  });
});
