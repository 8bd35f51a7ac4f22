import { afterEach, describe, expect, test } from 'vitest';
import { Harness } from '../harness.ts';
import { start, type Contender } from './contenders.ts';

const harness = new Harness();
afterEach(() => harness.end());

/** 50 clients come at once: how many are let in, what the others are told, and for how many the application had to work. */
async function storm(which: Contender) {
  let asked = 0;
  const running = await start(harness, which, {
    admission: { perSecond: 0.001, burst: 10, retryAfterSeconds: 7 },
    allowRequest: (_request, answer) => {
      asked += 1;
      answer(undefined, true);
    },
  });
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => fetch(`${running.url}/socket.io/?EIO=4&transport=polling`)),
  );
  const refused = answers.filter(({ status }) => status === 503);
  return {
    admitted: answers.filter(({ status }) => status === 200).length,
    refused: refused.length,
    retryAfter: [...new Set(refused.map(({ headers }) => headers.get('retry-after')))],
    asked,
  };
}

/** How many of 20 clients are left at the first turn of a shutdown, and the second. */
async function leftDuringShutdown(which: Contender): Promise<number[]> {
  const running = await start(harness, which);
  for (let n = 0; n < 20; n += 1) await (await running.raw()).join();
  const { engine } = running.io;
  const left: number[] = [];
  // The official engine knows only the end of all.
  if (which === 'official') engine.close();
  const staggered = which === 'ours' && engine.closeStaggered({ batch: 8, everyMs: 20 });
  await new Promise(setImmediate);
  left.push(engine.clientsCount);
  await staggered;
  left.push(engine.clientsCount);
  return left;
}

describe('a reconnection storm', () => {
  test('is let in at a bearable rate, the rest told when to come back; the official server takes all', async () => {
    expect(await storm('ours')).toEqual({ admitted: 10, refused: 40, retryAfter: ['7'], asked: 10 });
    expect(await storm('official')).toEqual({ admitted: 50, refused: 0, retryAfter: [], asked: 50 });
  });

  test('is not made by a shutdown that lets clients go a few at a time; the official one drops all at once', async () => {
    expect(await leftDuringShutdown('ours')).toEqual([12, 0]);
    expect(await leftDuringShutdown('official')).toEqual([0, 0]);
  });
});
