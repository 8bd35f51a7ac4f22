import { expect, test } from 'vitest';
import { greenhouseBed } from '../../../simulators/models/greenhouse-bed.ts';
import { sampleOf } from '../../../simulators/models/model.ts';

const atMs = Date.UTC(2026, 5, 1, 12);
const valve = (value: boolean) => ({ valve: { value, sinceMs: atMs } });

test('a valve opened by hand lets water flow at once and wets the soil within minutes', () => {
  const opened = sampleOf(greenhouseBed, atMs, 3, valve(true));
  expect(opened.valve).toBe(true);
  expect(opened.flow).toBeGreaterThan(5);
  const later = sampleOf(greenhouseBed, atMs + 5 * 60_000, 3, valve(true));
  expect(Number(later.soil_moisture) - Number(opened.soil_moisture)).toBeGreaterThan(5);
});

test('a closed valve stops the flow and stays closed when the programme would water', () => {
  for (let minute = 0; minute < 60; minute += 1)
    expect(sampleOf(greenhouseBed, atMs + minute * 60_000, 3, valve(false))).toMatchObject({
      valve: false,
      flow: 0,
    });
});

test('left alone it waters itself several times a day', () => {
  const states = Array.from(
    { length: 1440 },
    (_, minute) => sampleOf(greenhouseBed, atMs + minute * 60_000, 3).valve,
  );
  expect(states.filter((open, index) => open === true && states[index - 1] === false).length).toBeGreaterThan(
    20,
  );
});
