import { describe, expect, test } from 'vitest';
import { Keyboard } from '../../../dashboards/components/keyboard.ts';

function open() {
  const done: string[] = [];
  let now = 0;
  const keyboard = new Keyboard({
    now: () => now,
    actions: {
      search: () => done.push('search'),
      help: () => done.push('help'),
      theme: () => done.push('theme'),
      go: (screen) => done.push(`go ${screen}`),
      neighbour: (step) => done.push(`neighbour ${step}`),
    },
  });
  const press = (key: string, more: object = {}): boolean =>
    keyboard.press({ key, ctrlKey: false, metaKey: false, altKey: false, target: null, ...more });
  return { done, press, wait: (ms: number) => void (now += ms) };
}

describe('The keys of the page', () => {
  test('each does its one thing', () => {
    const { done, press } = open();
    for (const key of ['/', '?', 't', '[', ']']) expect(press(key)).toBe(true);
    expect(done).toEqual(['search', 'help', 'theme', 'neighbour -1', 'neighbour 1']);
  });

  test('g and then a letter goes to a screen, if the letter comes soon', () => {
    const { done, press, wait } = open();
    for (const key of ['g', 'o', 'g', 'c']) press(key);
    press('g');
    wait(2000);
    press('s');
    expect(done).toEqual(['go overview', 'go commands']);
  });

  test('a g that leads nowhere is forgotten', () => {
    const { done, press } = open();
    for (const key of ['g', 'x', 'o']) press(key);
    expect(done).toEqual([]);
  });

  test('what is typed into a field, or held with a modifier, is none of ours', () => {
    const { done, press } = open();
    expect(press('/', { target: { tagName: 'INPUT' } })).toBe(false);
    expect(press('t', { ctrlKey: true })).toBe(false);
    expect(done).toEqual([]);
  });
});
