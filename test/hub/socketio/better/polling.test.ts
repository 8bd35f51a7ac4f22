import { afterEach, expect, test } from 'vitest';
import type { Socket } from '#socketio';
import { Harness, heard } from '../harness.ts';
import { start, type Contender } from './contenders.ts';

const harness = new Harness();
afterEach(() => harness.end());

/** Packets in each response to a client that polls after 40 events, as a stock Python client counts them. */
async function packetsPerResponse(which: Contender): Promise<number[]> {
  const running = await start(harness, which);
  const base = `${running.url}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(base)).text()).slice(1)) as { sid: string };
  const connection = heard(running.io, 'connection');
  await fetch(`${base}&sid=${sid}`, { method: 'POST', body: '40' });
  const [socket] = (await connection) as [Socket];
  await fetch(`${base}&sid=${sid}`);
  for (let n = 0; n < 40; n += 1) socket.emit('x', n);
  const counts: number[] = [];
  for (let left = 40; left > 0; left -= counts.at(-1) ?? 0) {
    const body = await (await fetch(`${base}&sid=${sid}`)).text();
    counts.push(body.split('\u001e').length);
  }
  return counts;
}

test('a response to a poll has at most 16 packets, more of which python-engineio refuses', async () => {
  expect(await packetsPerResponse('ours')).toEqual([16, 16, 8]);
  expect(await packetsPerResponse('official')).toEqual([40]);
});
