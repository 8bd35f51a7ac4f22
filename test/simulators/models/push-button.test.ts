import { expect, test } from 'vitest';
import { pushButton } from '../../../simulators/models/push-button.ts';

const start = Date.UTC(2026, 5, 1);
const hourMs = 3_600_000;
const pressed = (fromMs: number, toMs: number, seed = 3) =>
  pushButton.events?.(start + fromMs, start + toMs, seed) ?? [];

test('a press is an event that says which button, within the time that was asked for', () => {
  const events = pressed(0, hourMs);
  expect(events.length).toBeGreaterThan(40);
  for (const { name, data, atMs } of events) {
    expect({ name, data }).toEqual({ name: 'press', data: { button: 1 } });
    expect(atMs).toBeGreaterThanOrEqual(start);
    expect(atMs).toBeLessThan(start + hourMs);
  }
});

test('asked piece by piece nothing is lost and nothing told twice', () => {
  const pieces = Array.from({ length: 3600 }, (_, second) =>
    pressed(second * 1000, (second + 1) * 1000),
  ).flat();
  expect(pieces).toEqual(pressed(0, hourMs));
});

test('some presses are double: two within a tenth of a second', () => {
  const times = pressed(0, hourMs).map(({ atMs }) => atMs);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  expect(gaps.filter((gap) => gap <= 100).length).toBeGreaterThan(3);
});

test('two buttons are pressed at different times', () => {
  expect(pressed(0, hourMs, 1)).not.toEqual(pressed(0, hourMs, 2));
});
