import { describe, expect, test } from 'vitest';
import { Hold, holdMs } from '../../../dashboards/components/hold.ts';
import { ManualTiming } from '../support/fake-socket.ts';

function open() {
  const timing = new ManualTiming();
  const states: string[] = [];
  let acts = 0;
  const hold = new Hold({ timing, act: () => (acts += 1), tell: (state) => states.push(state) });
  return { timing, states, hold, acts: () => acts };
}

describe('Something dangerous', () => {
  test('acts when it is held to the end, once', () => {
    const { timing, hold, acts } = open();
    hold.press();
    timing.clock.advance(holdMs / 2);
    // A key that is held repeats.
    hold.press();
    timing.clock.advance(holdMs / 2);
    expect(acts()).toBe(1);
    hold.release();
    hold.click();
    timing.clock.advance(holdMs * 10);
    expect(acts()).toBe(1);
  });

  test('does nothing when it is let go too early, also not by the click that follows', () => {
    const { timing, states, hold, acts } = open();
    hold.press();
    timing.clock.advance(holdMs - 1);
    hold.release();
    hold.click();
    timing.clock.advance(holdMs * 10);
    expect([acts(), states]).toEqual([0, ['held', 'idle']]);
  });

  test('a click alone, as screen readers give it, arms; a second one acts', () => {
    const { states, hold, acts } = open();
    hold.click();
    expect([acts(), states]).toEqual([0, ['armed']]);
    hold.click();
    expect(acts()).toBe(1);
  });

  test('a second click that comes too late only arms again', () => {
    const { timing, hold, acts } = open();
    hold.click();
    timing.clock.advance(5000);
    hold.click();
    expect(acts()).toBe(0);
  });
});
