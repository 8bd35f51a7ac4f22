import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { Socket } from '#socketio';
import { PacedIntake } from '../../../hub/socketio/paced-intake.ts';
import { Harness, heard as next } from './harness.ts';

/** Turns are given by hand, a piece at a time. */
function setup(read: (frame: unknown) => void = () => undefined) {
  const asked: (() => boolean)[] = [];
  const heard: unknown[] = [];
  const unread: number[] = [];
  const turns = { take: (_connection: object, work: () => boolean) => void asked.push(work) };
  const intake = new PacedIntake({ turns, onUnread: (frames) => unread.push(frames) }, (frame) => {
    heard.push(frame);
    read(frame);
  });
  return { intake, asked, heard, unread };
}

describe('What came and waits for its turn', () => {
  test('is read in its order, a frame for each piece of work, text and bytes', () => {
    const { intake, asked, heard } = setup();
    const bytes = Buffer.from('x');
    for (const frame of ['a', bytes, 'b']) intake.add(frame);
    expect(heard).toEqual([]);
    expect([asked[0]?.(), asked[0]?.(), asked[0]?.()]).toEqual([true, true, false]);
    expect(heard).toEqual(['a', bytes, 'b']);
  });

  test('asks for one turn however much waits, and for the next once all was read', () => {
    const { intake, asked } = setup();
    intake.add('a');
    intake.add('b');
    expect(asked).toHaveLength(1);
    while (asked[0]?.() === true);
    intake.add('c');
    expect(asked).toHaveLength(2);
  });

  test('may be more while it is read', () => {
    const { intake, asked, heard } = setup((frame) => {
      if (frame === 'a') intake.add('b');
    });
    intake.add('a');
    while (asked[0]?.() === true);
    expect(heard).toEqual(['a', 'b']);
    expect(asked).toHaveLength(1);
  });

  test('is bounded: beyond 64 KiB the oldest are read at once', () => {
    const { intake, asked, heard } = setup();
    const frame = 'x'.repeat(10_000);
    for (let index = 0; index < 10; index += 1) intake.add(`${index}${frame}`);
    expect(heard.map((text) => String(text)[0])).toEqual(['0', '1', '2', '3']);
    while (asked[0]?.() === true);
    expect(heard).toHaveLength(10);
  });

  test('is bounded in number too: small frames take room beside their text', () => {
    const { intake, heard } = setup();
    for (let index = 0; index < 2000; index += 1) intake.add('x');
    expect(heard).toHaveLength(2000 - Math.floor((64 * 1024) / 65));
  });

  test('a frame larger than all that may wait is read at once', () => {
    const { intake, asked, heard } = setup();
    intake.add('x'.repeat(100_000));
    expect([heard.length, asked.length]).toEqual([1, 0]);
  });

  test('is told as unread when the connection ends, and the turn it asked for is an empty one', () => {
    const { intake, asked, heard, unread } = setup();
    for (const frame of ['a', 'b', 'c']) intake.add(frame);
    asked[0]?.();
    intake.close();
    expect(unread).toEqual([2]);
    expect(asked[0]?.()).toBe(false);
    expect(heard).toEqual(['a']);
    intake.close();
    expect(unread).toEqual([2]);
  });

  test('may end while it is read', () => {
    const { intake, asked, heard, unread } = setup(() => intake.close());
    intake.add('a');
    intake.add('b');
    expect(asked[0]?.()).toBe(false);
    expect([heard, unread]).toEqual([['a'], [1]]);
  });
});

describe('A paced connection', () => {
  const harness = new Harness();
  afterEach(() => harness.end());

  async function paced() {
    const running = await harness.start({ pingInterval: 25, pingTimeout: 10_000 });
    const connection = next(running.io, 'connection');
    const client = await running.connected();
    const [socket] = (await connection) as [Socket];
    const asked: (() => boolean)[] = [];
    const unread: number[] = [];
    const told: unknown[] = [];
    socket.onAny((...event: unknown[]) => told.push(event.filter((part) => typeof part !== 'function')));
    socket.on('ask', (ack: (answer: string) => void) => ack('answered'));
    socket.client.pace({
      turns: { take: (_connection, work) => void asked.push(work) },
      onUnread: (frames) => unread.push(frames),
    });
    const goOn = (): void => {
      for (const work of asked.splice(0)) while (work());
    };
    /** What was emitted is there: the second pong from now comes behind it. */
    const arrived = async (): Promise<void> => {
      await once(socket.conn, 'heartbeat');
      await once(socket.conn, 'heartbeat');
    };
    return { client, socket, asked, unread, told, goOn, arrived };
  }

  test('answers in turn and keeps the order, with attachments; its heartbeats do not wait', async () => {
    const { client, told, goOn, arrived } = await paced();
    client.emit('one', 1);
    client.emit('bytes', Buffer.from('x'));
    const answer: Promise<unknown> = client.emitWithAck('ask');
    await arrived();
    expect(told).toEqual([]);
    goOn();
    expect(await answer).toBe('answered');
    expect(told).toEqual([['one', 1], ['bytes', Buffer.from('x')], ['ask']]);
  });

  test('says how much was never read', async () => {
    const { client, socket, told, unread, goOn, arrived } = await paced();
    client.emit('one');
    client.emit('two');
    await arrived();
    const ended = next(socket, 'disconnect');
    socket.conn.close();
    await ended;
    goOn();
    await turn();
    expect([told, unread]).toEqual([[], [2]]);
  });
});
