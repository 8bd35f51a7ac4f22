import { expect, test } from 'vitest';
import { createLog } from '../../hub/log.ts';

function linesOf(
  write: (log: ReturnType<typeof createLog>) => void,
  level: 'info' | 'error' = 'info',
): string[] {
  const lines: string[] = [];
  write(createLog(level, (line) => lines.push(line)));
  return lines;
}

test('a line is JSON with level, time, sentence and facts', () => {
  const [line] = linesOf((log) => log.warn('Closed a slow dashboard.', { queuedBytes: 12 }));
  expect(JSON.parse(line ?? '')).toMatchObject({
    level: 'warn',
    msg: 'Closed a slow dashboard.',
    queuedBytes: 12,
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
});

test('lines below the level are not written', () => {
  expect(linesOf((log) => log.info('Started.'), 'error')).toEqual([]);
});

test('secrets among the facts are hidden, one level deep too', () => {
  const text = linesOf((log) => log.info('x', { token: 'sbx_1', auth: { password: 'p' } })).join('');
  expect(text).not.toMatch(/sbx_1|"p"/);
  expect(text).toContain('[hidden]');
});

test('an error keeps its stack and its cause', () => {
  const [line] = linesOf((log) =>
    log.error('Failed.', { error: new Error('outer', { cause: new Error('inner') }) }),
  );
  expect(line).toContain('outer');
  expect(line).toContain('inner');
});
