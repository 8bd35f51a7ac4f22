import { expect, test } from 'vitest';
import { DrawTurns } from '../../../dashboards/charts/draw-turns.ts';

function open() {
  const asked: (() => void)[] = [];
  let nowMs = 0;
  const turns = new DrawTurns({ request: (fn) => void asked.push(fn), now: () => nowMs });
  const drawn: string[] = [];
  const chart = (name: string, costMs: number) => () => {
    drawn.push(name);
    nowMs += costMs;
  };
  const frame = (): void => {
    const [next] = asked.splice(0, 1);
    next?.();
  };
  return { turns, drawn, chart, frame, asked };
}

test('a frame draws as many charts as fit; the others have the next one', () => {
  const { turns, drawn, chart, frame, asked } = open();
  for (const name of ['a', 'b', 'c']) turns.ask(chart(name, 5));
  frame();
  expect(drawn).toEqual(['a', 'b']);
  frame();
  expect(drawn).toEqual(['a', 'b', 'c']);
  expect(asked).toEqual([]);
});

test('however cheap they are, two have a frame: the browser has yet to paint them', () => {
  const { turns, drawn, chart, frame } = open();
  for (const name of ['a', 'b', 'c', 'd', 'e']) turns.ask(chart(name, 0));
  frame();
  expect(drawn).toEqual(['a', 'b']);
  frame();
  expect(drawn).toEqual(['a', 'b', 'c', 'd']);
});

test('a chart that asks twice is drawn once, and one that is gone not at all', () => {
  const { turns, drawn, chart, frame } = open();
  const [twice, gone] = [chart('twice', 1), chart('gone', 1)];
  turns.ask(twice);
  turns.ask(gone);
  turns.ask(twice);
  turns.forget(gone);
  frame();
  expect(drawn).toEqual(['twice']);
});
