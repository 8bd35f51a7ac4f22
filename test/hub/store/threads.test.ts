import { describe, expect, onTestFinished, test } from 'vitest';
import { Thread } from '../../../hub/store/threads.ts';
import { ManualClock } from '../../support/manual-clock.ts';

interface Calls {
  echo(text: string): string;
  silence(): void;
  die(): void;
}

const answering = `
  import { parentPort } from 'node:worker_threads';
  parentPort.on('message', ({ kind, call, name, args }) => {
    if (kind === 'close') parentPort.close();
    if (name === 'die') process.exit(1);
    if (name === 'echo') parentPort.postMessage([{ kind: 'answer', call, value: args[0] }]);
  });
  parentPort.postMessage({ kind: 'ready', epoch: 'e', head: 0, tail: 1, merged: 0 });`;

const broken = `
  import { parentPort } from 'node:worker_threads';
  parentPort.postMessage({ kind: 'broken', why: 'The file is no database.' });`;

function start(script: string) {
  const clock = new ManualClock();
  const lost: string[] = [];
  const thread = new Thread<Calls>(new URL(`data:text/javascript,${encodeURIComponent(script)}`), {
    workerData: undefined,
    nurseryMb: 8,
    clock,
    onMessage: () => undefined,
    onLost: (why) => void lost.push(why),
  });
  onTestFinished(() => thread.close());
  return { thread, clock, lost };
}

describe('A worker thread', () => {
  test('answers calls by name', async () => {
    const { thread } = start(answering);
    expect(await thread.ready()).toMatchObject({ epoch: 'e' });
    expect(await Promise.all([thread.call('echo', 'a'), thread.call('echo', 'b')])).toEqual(['a', 'b']);
  });

  test('that could not open its file says why', async () => {
    await expect(start(broken).thread.ready()).rejects.toThrow('The file is no database.');
  });

  test('that does not answer in time is not waited for', async () => {
    const { thread, clock } = start(answering);
    await thread.ready();
    const unanswered = thread.call('silence');
    clock.advance(30_000);
    await expect(unanswered).rejects.toMatchObject({ name: 'TryAgainError', code: 'store-unavailable' });
  });

  test('that ends by itself is reported once, and what it owed is refused, now and later', async () => {
    const { thread, lost } = start(answering);
    await thread.ready();
    const owed = [thread.call('silence'), thread.call('die')];
    for (const call of owed) await expect(call).rejects.toMatchObject({ code: 'store-unavailable' });
    await expect(thread.call('echo', 'a')).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(lost).toEqual(['it ended']);
  });
});
