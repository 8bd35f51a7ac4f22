import { describe, expect, test } from 'vitest';
import { Ticks } from '../../../hub/socketio/ticks.ts';

/** Ticks run before it. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Calls in the next tick', () => {
  test('keep their order, and come behind what was to be called before', async () => {
    const ticks = new Ticks();
    const heard: string[] = [];
    const say = (who: string, what: string): void => void heard.push(`${who} ${what}`);
    process.nextTick(() => heard.push('before'));
    ticks.add(say, 'a', '1');
    ticks.add(say, 'b', '1');
    process.nextTick(() => heard.push('after'));
    expect(heard).toEqual([]);
    await nextTurn();
    expect(heard).toEqual(['before', 'a 1', 'b 1', 'after']);
  });

  test('that call again do so behind all others', async () => {
    const ticks = new Ticks();
    const heard: string[] = [];
    const twice = (who: string, times: number): void => {
      heard.push(`${who} ${times}`);
      if (times === 1) ticks.add(twice, who, 2);
    };
    ticks.add(twice, 'a', 1);
    ticks.add(twice, 'b', 1);
    await nextTurn();
    expect(heard).toEqual(['a 1', 'b 1', 'a 2', 'b 2']);
  });

  test('go on behind one that throws, which is not hidden', () => {
    const ticks = new Ticks();
    const heard: string[] = [];
    const say = (who: string): void => void heard.push(who);
    ticks.add(say, 'a', undefined);
    ticks.add(
      () => {
        ticks.add(say, 'd', undefined);
        throw new Error('broken');
      },
      'b',
      undefined,
    );
    ticks.add(say, 'c', undefined);
    expect(() => ticks.run()).toThrow('broken');
    expect(heard).toEqual(['a']);
    ticks.run();
    expect(heard).toEqual(['a', 'c', 'd']);
  });

  test('may be made before it: what throws is thrown in a tick of its own', async () => {
    const ticks = new Ticks();
    const heard: string[] = [];
    const uncaught = new Promise((resolve) => process.once('uncaughtException', resolve));
    ticks.add(
      () => {
        throw new Error('broken');
      },
      'a',
      undefined,
    );
    ticks.add((who: string) => void heard.push(who), 'b', undefined);
    ticks.runNow();
    expect(heard).toEqual([]);
    await nextTurn();
    expect(heard).toEqual(['b']);
    expect(await uncaught).toMatchObject({ message: 'broken' });
  });
});
