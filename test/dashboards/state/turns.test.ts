import { expect, test } from 'vitest';
import { Turns } from '../../../dashboards/state/turns.ts';

function open() {
  const asked: (() => void)[] = [];
  let nowMs = 0;
  const turns = new Turns({ request: (fn) => void asked.push(fn), now: () => nowMs });
  const painted: string[] = [];
  const painting =
    (name: string, costMs = 0) =>
    () => {
      painted.push(name);
      nowMs += costMs;
    };
  const frame = (): string[] => {
    const [next] = asked.splice(0, 1);
    next?.();
    return painted.splice(0);
  };
  return { turns, painting, frame, asked };
}

test('a frame paints as much as fits into its time; the rest has the next one', () => {
  const { turns, painting, frame, asked } = open();
  for (const name of ['a', 'b', 'c']) turns.ask(painting(name, 9), 'value');
  expect([frame(), frame(), frame()]).toEqual([['a'], ['b'], ['c']]);
  expect(asked).toEqual([]);
});

test('however cheap they are, two charts have a frame: the browser has yet to paint them', () => {
  const { turns, painting, frame } = open();
  for (const name of ['a', 'b', 'c', 'd', 'e']) turns.ask(painting(name), 'chart');
  expect([frame(), frame(), frame()]).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
});

test('kinds share a frame: a thousand values come a few at a time, in the order of asking', () => {
  const { turns, painting, frame } = open();
  turns.ask(painting('chart'), 'chart');
  for (let index = 0; index < 1000; index += 1) turns.ask(painting(`v${index}`), 'value');
  expect(frame()).toEqual(['chart', ...Array.from({ length: 12 }, (_, index) => `v${index}`)]);
  expect(frame()).toEqual(Array.from({ length: 24 }, (_, index) => `v${index + 12}`));
});

test('who asks twice is painted once, and who is gone not at all', () => {
  const { turns, painting, frame } = open();
  const [twice, gone] = [painting('twice'), painting('gone')];
  turns.ask(twice, 'chart');
  turns.ask(gone, 'chart');
  turns.ask(twice, 'chart');
  turns.forget(gone);
  expect(frame()).toEqual(['twice']);
});
