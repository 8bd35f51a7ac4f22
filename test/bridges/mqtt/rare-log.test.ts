import { expect, test } from 'vitest';
import { RareLog } from '../../../bridges/mqtt/rare-log.ts';
import { silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';

test('of each kind of warning ten a minute are written, and then how many more there were', () => {
  const lines: [string, object | undefined][] = [];
  const clock = new ManualClock();
  const log = new RareLog(
    { ...silentLog, warn: (message, facts) => void lines.push([message, facts]) },
    clock,
  );
  for (let index = 0; index < 1000; index += 1) log.warn('Refused.', { index });
  log.warn('Other.');
  expect(lines).toHaveLength(11);
  expect(lines.at(-1)).toEqual(['Other.', undefined]);
  clock.advance(60_000);
  expect(lines.at(-1)).toEqual(['Refused.', { andMoreOfThese: 990 }]);
  log.warn('Refused.', { again: true });
  expect(lines.at(-1)).toEqual(['Refused.', { again: true }]);
});
