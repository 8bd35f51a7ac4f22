import { describe, expect, test } from 'vitest';
import type { ReadingTuple } from '#contract/reading.ts';
import { Subscription } from '../../../dashboards/connection/subscription.ts';
import type { ViewConsumer, ViewRequest } from '../../../dashboards/connection/subscription.ts';

const reading = (timeMs: number): ReadingTuple => ['pump', 'flow', timeMs, timeMs];

class Seen implements ViewConsumer {
  readonly lines: string[] = [];
  reset(answer: Parameters<ViewConsumer['reset']>[0]): void {
    this.lines.push(`reset ${answer.latest.length}`);
  }
  readings(readings: readonly ReadingTuple[]): void {
    this.lines.push(`readings ${readings.map(([, , timeMs]) => timeMs).join(' ')}`);
  }
  gap(reason: string): void {
    this.lines.push(`gap ${reason}`);
  }
  incomplete({ start, end }: { start: number; end: number }): void {
    this.lines.push(`incomplete ${start} ${end}`);
  }
}

function open(request: ViewRequest = { devices: ['pump'] }): { seen: Seen; subscription: Subscription } {
  const seen = new Seen();
  return { seen, subscription: new Subscription(request, seen) };
}

const answer = { ok: true, view: 'v1', epoch: 'e', offset: 10, latest: [reading(1)] } as const;

describe('A subscription', () => {
  test('starts with the newest values and goes on from the offset of the answer', () => {
    const { seen, subscription } = open();
    subscription.answered(subscription.ask(), answer, []);
    subscription.frame({ view: 'v1', offset: 12, readings: [reading(12)] });
    expect(seen.lines).toEqual(['reset 1', 'readings 12']);
    expect(subscription.position).toEqual({ epoch: 'e', offset: 12 });
  });

  test('drops a frame that the answer already covers', () => {
    const { seen, subscription } = open();
    subscription.answered(subscription.ask(), answer, []);
    subscription.frame({ view: 'v1', offset: 10, readings: [reading(10)] });
    expect(seen.lines).toEqual(['reset 1']);
  });

  test('takes frames that overtook the answer, in order and only its own', () => {
    const { seen, subscription } = open();
    subscription.answered(subscription.ask(), answer, [
      { view: 'other', offset: 11, readings: [reading(11)] },
      { view: 'v1', offset: 12, readings: [reading(12)] },
    ]);
    expect(seen.lines).toEqual(['reset 1', 'readings 12']);
  });

  test('asks from its last offset after a cut, and merges what was missed', () => {
    const { seen, subscription } = open();
    subscription.answered(subscription.ask(), answer, []);
    subscription.frame({ view: 'v1', offset: 12, readings: [reading(12)] });
    subscription.lost();
    const resuming = subscription.ask();
    expect(resuming.request).toEqual({ devices: ['pump'], from: { epoch: 'e', offset: 12 } });
    const isWhole = subscription.answered(
      resuming,
      { ...answer, view: 'v2', offset: 14, missed: [reading(13), reading(14)] },
      [],
    );
    expect(isWhole).toBe(true);
    expect(seen.lines).toEqual(['reset 1', 'readings 12', 'readings 13 14']);
  });

  test('asks for history only at a fresh start, for the range of that moment', () => {
    let now = 1000;
    const { subscription } = open({
      devices: ['pump'],
      history: () => ({ start: now - 500, maxPoints: 100 }),
    });
    now = 2000;
    const ask = subscription.ask();
    expect(ask.request).toEqual({ devices: ['pump'], history: { start: 1500, maxPoints: 100 } });
    subscription.answered(ask, answer, []);
    expect(subscription.ask().request).toEqual({ devices: ['pump'], from: { epoch: 'e', offset: 10 } });
  });

  test('a gap in the answer means that history has to be asked for again', () => {
    const { seen, subscription } = open({ history: () => ({ start: 0, maxPoints: 10 }) });
    subscription.answered(subscription.ask(), answer, []);
    const isWhole = subscription.answered(
      subscription.ask(),
      { ...answer, epoch: 'e2', gap: 'epoch-changed' },
      [],
    );
    expect(isWhole).toBe(false);
    expect(seen.lines).toEqual(['reset 1', 'gap epoch-changed']);
    subscription.restart();
    expect(subscription.ask().request).toEqual({ history: { start: 0, maxPoints: 10 } });
  });

  test('a cut while a hole waits for history asks for both: history, and the events since the last place', () => {
    const { seen, subscription } = open({ history: () => ({ start: 0, maxPoints: 10 }) });
    subscription.answered(subscription.ask(), answer, []);
    const gap = { view: 'v1', offset: 40, readings: [reading(40)], gap: 'slow-consumer' } as const;
    expect(subscription.frame(gap)).toBe(false);
    subscription.lost();
    const ask = subscription.ask();
    expect(ask.request).toEqual({
      from: { epoch: 'e', offset: 40 },
      history: { start: 0, maxPoints: 10 },
    });
    expect(subscription.answered(ask, { ...answer, offset: 50, history: [] }, [])).toBe(true);
    expect(seen.lines).toEqual(['reset 1', 'gap slow-consumer', 'reset 1']);
    expect(subscription.ask().request).toEqual({ from: { epoch: 'e', offset: 50 } });
  });

  test('late readings that were left out are a hole in the history that is shown, and only there', () => {
    const { seen, subscription } = open({ history: () => ({ start: 100, maxPoints: 10 }) });
    subscription.answered(subscription.ask(), answer, []);
    const frame = { view: 'v1', offset: 12, readings: [reading(12)] };
    expect(subscription.frame({ ...frame, incomplete: { start: 50, end: 100 } })).toBe(true);
    expect(subscription.frame({ ...frame, offset: 13, incomplete: { start: 50, end: 101 } })).toBe(false);
    expect(seen.lines).toEqual([
      'reset 1',
      'readings 12',
      'incomplete 50 100',
      'readings 12',
      'incomplete 50 101',
    ]);
    expect(subscription.ask().isFresh).toBe(true);
  });

  test('a gap frame of a view without history is healed by its newest values', () => {
    const { seen, subscription } = open();
    subscription.answered(subscription.ask(), answer, []);
    expect(
      subscription.frame({ view: 'v1', offset: 40, readings: [reading(40)], gap: 'slow-consumer' }),
    ).toBe(true);
    expect(seen.lines).toEqual(['reset 1', 'gap slow-consumer']);
    expect(subscription.position?.offset).toBe(40);
  });
});
