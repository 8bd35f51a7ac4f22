import { describe, expect, test } from 'vitest';
import { PacketLog } from '../../../hub/socketio/packet-log.ts';

const all = { rooms: new Set<string>() };
const anyone = new Set<string>();

describe('the log of packets', () => {
  test('numbers packets and gives them back unchanged', () => {
    const log = new PacketLog(10_000);
    log.append(['a', 1], all, 0);
    const bytes = Buffer.from('x');
    log.append(['b', { bytes }], all, 0);
    expect(log.end).toBe(2);
    expect([log.read(0, anyone), log.read(1, anyone), log.read(2, anyone)]).toEqual([
      ['a', 1],
      ['b', { bytes }],
      undefined,
    ]);
  });

  test('knows for whom a packet was', () => {
    const log = new PacketLog(10_000);
    log.append(['one'], { rooms: new Set(['a']) }, 0);
    log.append(['two'], { rooms: new Set(['a', 'b']) }, 0);
    log.append(['not a'], { rooms: new Set(), except: new Set(['a']) }, 0);
    const names = (rooms: string[]): unknown[] =>
      [0, 1, 2].flatMap((number) => log.read(number, new Set(rooms))?.[0] ?? []);
    expect([names(['a']), names(['b']), names(['c'])]).toEqual([['one', 'two'], ['two', 'not a'], ['not a']]);
  });

  test('drops the oldest for space and remembers that it did', () => {
    const log = new PacketLog(500);
    for (let i = 0; i < 5000; i += 1) log.append(['packet', i], all, 0);
    expect(log.bytes).toBeLessThanOrEqual(500);
    expect(log.lostBefore).toBeGreaterThan(4980);
    expect(log.read(log.lostBefore - 1, anyone)).toBeUndefined();
    expect(log.read(log.lostBefore, anyone)).toEqual(['packet', log.lostBefore]);
    expect(log.end).toBe(5000);
  });

  test('drops what is old without calling it lost', () => {
    const log = new PacketLog(1_000_000);
    for (let i = 0; i < 3000; i += 1) log.append(['packet', i], all, i);
    log.expire(2500);
    expect([log.read(2499, anyone), log.read(2500, anyone), log.lostBefore]).toEqual([
      undefined,
      ['packet', 2500],
      0,
    ]);
  });

  test('200,000 packets of 100 bytes take at most 40 MB', () => {
    const log = new PacketLog(64 * 1024 * 1024);
    const rooms = new Set(['x'.repeat(20)]);
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 200_000; i += 1) log.append(['event', String(i).padEnd(85, 'x')], { rooms }, i);
    globalThis.gc?.();
    const grown = process.memoryUsage().heapUsed - before;
    expect(log.end - log.lostBefore).toBe(200_000);
    // Without a collection the figure says nothing.
    if (globalThis.gc !== undefined) expect(grown).toBeLessThan(40e6);
  });
});
