/** What people in a chat may rely on. */
import { createServer } from 'node:http';
import type { Socket } from 'socket.io-client';
import { afterEach, describe, expect, test } from 'vitest';
import { Harness, heard, type Running } from '../../hub/socketio/harness.ts';
import { chat, type ChatServer } from './chat.ts';
import { everyWay } from './transports.ts';

const harness = new Harness();
afterEach(() => harness.end());

function open(): Promise<Running<ChatServer>> {
  const httpServer = createServer();
  return harness.run(chat(httpServer), httpServer);
}

/** Writes down all that a client hears. */
function transcript(client: Socket): string[] {
  const lines: string[] = [];
  client.onAny((event: string, ...args: string[]) => lines.push([event, ...args].join(' ')));
  return lines;
}

for (const [way, options] of everyWay)
  describe(`A chat ${way}`, () => {
    test('all who are inside hear everything that is said, in one order', async () => {
      const running = await open();
      const [ann, bob, eve] = await Promise.all(
        Array.from({ length: 3 }, () => running.connected('/', options)),
      );
      await ann!.emitWithAck('enter', 'Ann');
      await bob!.emitWithAck('enter', 'Bob');
      expect(await eve!.emitWithAck('enter', 'Eve')).toEqual({
        ok: true,
        people: expect.arrayContaining(['Ann', 'Bob', 'Eve']),
      });

      const transcripts = [ann!, bob!, eve!].map(transcript);
      for (let n = 0; n < 20; n += 1)
        for (const person of [ann!, bob!, eve!]) person.emit('say', `line ${n}`);
      await expect.poll(() => transcripts.map((lines) => lines.length)).toEqual([60, 60, 60]);
      expect(transcripts[1]).toEqual(transcripts[0]);
      expect(transcripts[2]).toEqual(transcripts[0]);
      for (const name of ['Ann', 'Bob', 'Eve'])
        expect(transcripts[0]!.filter((line) => line.startsWith(`said ${name}`))).toEqual(
          Array.from({ length: 20 }, (_, n) => `said ${name} line ${n}`),
        );
    });

    test('a name is given once, and the refused may take another', async () => {
      const running = await open();
      const [ann, other] = [await running.connected('/', options), await running.connected('/', options)];
      await ann.emitWithAck('enter', 'Ann');
      expect(await other.emitWithAck('enter', 'Ann')).toEqual({ ok: false, why: 'Ann is here already.' });
      const entered = heard(ann, 'entered');
      expect(await other.emitWithAck('enter', 'Bob')).toEqual({ ok: true, people: ['Ann', 'Bob'] });
      expect(await entered).toEqual(['Bob']);
    });

    test('who is outside neither hears nor is heard', async () => {
      const running = await open();
      const [ann, outside] = [await running.connected('/', options), await running.connected('/', options)];
      await ann.emitWithAck('enter', 'Ann');
      const transcripts = [transcript(ann), transcript(outside)];
      outside.emit('say', 'Let me in!');
      outside.emit('typing');
      ann.emit('say', 'It is quiet here.');
      await heard(ann, 'said');
      await outside.emitWithAck('enter', 'Bob');
      expect(transcripts).toEqual([['said Ann It is quiet here.', 'entered Bob'], []]);
    });

    test('somebody typing is shown to the others, and somebody leaving is told', async () => {
      const running = await open();
      const [ann, bob] = [await running.connected('/', options), await running.connected('/', options)];
      await ann.emitWithAck('enter', 'Ann');
      await bob.emitWithAck('enter', 'Bob');
      const typing = heard(ann, 'typing');
      bob.emit('typing');
      expect(await typing).toEqual(['Bob']);
      const left = heard(ann, 'left');
      bob.disconnect();
      expect(await left).toEqual(['Bob']);
    });
  });
