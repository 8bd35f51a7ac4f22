import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { io as connect } from 'socket.io-client';
import { afterEach, describe, expect, test } from 'vitest';
import { heard } from '../harness.ts';
import type { Contender } from './contenders.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** What becomes of a server whose listener fails: the answer to the client and what was reported, or how it ended. */
async function fate(which: Contender, event: 'throw' | 'reject'): Promise<unknown> {
  const child = fork(join(import.meta.dirname, 'listeners-process.ts'), [which], { silent: true });
  children.push(child);
  const ended = once(child, 'exit');
  const [port] = (await once(child, 'message')) as [number];
  const client = connect(`http://127.0.0.1:${port}`, { transports: ['websocket'], reconnection: false });
  await heard(client, 'connect');
  // Without a promise for each answer: of the server that ends, none comes.
  const answered = new Promise((resolve) => {
    client.emit(event, (answer: unknown) => {
      client.emit('reports', (reports: unknown) => resolve({ answer, reports }));
    });
  });
  const fateOf = await Promise.race([answered, ended.then(([code]) => ({ exitCode: code as unknown }))]);
  client.disconnect();
  return fateOf;
}

describe('a listener that fails is reported and answered for; it ends the official server', () => {
  for (const { event, report } of [
    { event: 'throw', report: 'throw: thrown' },
    { event: 'reject', report: 'reject: rejected' },
  ] as const) {
    test(event, async () => {
      expect(await fate('ours', event)).toEqual({
        answer: { ok: false, error: { code: 'internal-error', message: 'The event could not be handled.' } },
        reports: [report],
      });
      expect(await fate('official', event)).toEqual({ exitCode: 1 });
    });
  }
});
