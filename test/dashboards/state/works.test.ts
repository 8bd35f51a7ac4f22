import { expect, test } from 'vitest';
import { HttpProblem } from '../../../dashboards/api/http.ts';
import { Works } from '../../../dashboards/state/works.ts';
import type { Order } from '../../../dashboards/state/works.ts';

function order(job: Order['job'], kind: Order['kind'] = 'import'): Order {
  return { kind, title: () => 'Import', job };
}

/** Waits until it is told to stop. */
const endless: Order['job'] = (tell, signal) =>
  new Promise((_, reject) => {
    tell({ done: 0.25, words: () => 'so far' });
    signal.addEventListener('abort', () => reject(new Error('whatever the signal makes of it')));
  });

test('work tells how far it is, and ends whole', async () => {
  const works = new Works();
  const running = works.run(order(async (tell) => tell({ done: 0.5, words: () => 'half' })));
  expect(works.isRunning('import')).toBe(true);
  expect(works.isRunning('export')).toBe(false);
  expect(works.all.value).toMatchObject([{ kind: 'import', done: 0.5 }]);
  await running;
  expect(works.all.value).toMatchObject([{ done: 1, end: 'whole' }]);
  expect(works.isRunning()).toBe(false);
});

test('stopped, it keeps what it had done; only what has ended can be dismissed', async () => {
  const works = new Works();
  const running = works.run(order(endless));
  const id = works.all.value[0]?.id ?? 0;
  works.dismiss(id);
  works.stop(id);
  await running;
  expect(works.all.value).toMatchObject([{ done: 0.25, end: 'stopped' }]);
  works.dismiss(id);
  expect(works.all.value).toEqual([]);
});

test('takes the place of what has ended of its kind, and of no other', async () => {
  const works = new Works();
  await works.run(order(async () => undefined, 'export'));
  await works.run(order(async () => undefined));
  const running = works.run(order(endless));
  expect(works.all.value.map(({ kind, end }) => [kind, end])).toEqual([
    ['export', 'whole'],
    ['import', undefined],
  ]);
  works.stopAll();
  await running;
});

test('what the hub refuses is told with its sentence', async () => {
  const works = new Works();
  await works.run(
    order(() => Promise.reject(new HttpProblem(422, 'invalid-line', 'That is no line protocol.'))),
  );
  expect(works.all.value).toMatchObject([{ end: 'failed', why: 'That is no line protocol.' }]);
});

test('a mistake of ours is shown too, and not swallowed', async () => {
  const works = new Works();
  await expect(works.run(order(() => Promise.reject(new TypeError('x is not a function'))))).rejects.toThrow(
    'x is not a function',
  );
  expect(works.all.value).toMatchObject([{ end: 'failed' }]);
});

test('nothing goes on in the name of who has left', async () => {
  const works = new Works();
  const running = works.run(order(endless));
  works.stopAll();
  await running;
  expect(works.all.value).toEqual([]);
});
