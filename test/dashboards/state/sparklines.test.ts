import { describe, expect, test } from 'vitest';
import { Sparklines, sparkSpanMs } from '../../../dashboards/state/sparklines.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const nowMs = 1_780_000_000_000;

function setup() {
  const clock = new ManualClock(nowMs);
  const lines = new Sparklines({
    timing: { now: () => clock.nowUs() / 1000, after: (ms, act) => clock.after(ms, act) },
  });
  return { clock, lines, round: () => lines.round.peek() };
}

describe('Lines of which late readings were left out', () => {
  test('are asked for again, once for the whole of a backlog', () => {
    const { clock, lines, round } = setup();
    for (let frame = 0; frame < 10; frame += 1) lines.incomplete({ start: nowMs - 5000, end: nowMs - 10 });
    expect(round()).toBe(0);
    clock.advance(60_000);
    expect(round()).toBe(1);
  });

  test('stay when what is left out lies before them', () => {
    const { clock, lines, round } = setup();
    lines.incomplete({ start: 0, end: nowMs - sparkSpanMs });
    clock.advance(60_000);
    expect(round()).toBe(0);
  });

  test('are not asked for after the end', () => {
    const { clock, lines, round } = setup();
    lines.incomplete({ start: nowMs - 5000, end: nowMs });
    lines.close();
    clock.advance(60_000);
    expect(round()).toBe(0);
  });
});
