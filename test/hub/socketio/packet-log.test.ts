import { describe, expect, test, vi } from 'vitest';
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
    expect(log.since(0, anyone)).toEqual([
      { number: 0, data: ['a', 1] },
      { number: 1, data: ['b', { bytes }] },
    ]);
    expect(log.since(2, anyone)).toEqual([]);
  });

  test('knows for whom a packet was', () => {
    const log = new PacketLog(10_000);
    log.append(['one'], { rooms: new Set(['a']) }, 0);
    log.append(['two'], { rooms: new Set(['a', 'b']) }, 0);
    log.append(['not a'], { rooms: new Set(), except: new Set(['a']) }, 0);
    const names = (...rooms: string[]): unknown[] => log.since(0, new Set(rooms)).map(({ data }) => data[0]);
    expect([names('a'), names('b'), names('c'), names('b', 'a')]).toEqual([
      ['one', 'two'],
      ['two', 'not a'],
      ['not a'],
      ['one', 'two'],
    ]);
  });

  test('looks at nothing that was for others', () => {
    const log = new PacketLog(64 * 1024 * 1024);
    for (let i = 0; i < 100_000; i += 1) {
      log.append(['packet', i], { rooms: new Set([i % 1000 === 0 ? 'mine' : `room ${i % 7}`]) }, 0);
    }
    const parse = vi.spyOn(JSON, 'parse');
    const get = vi.spyOn(Map.prototype, 'get');
    const found = log.since(50_000, new Set(['mine', 'empty']));
    expect([found.length, parse.mock.calls.length, get.mock.calls.length]).toEqual([50, 50, 3]);
    vi.restoreAllMocks();
    expect(found.map(({ number }) => number)).toEqual(
      Array.from({ length: 50 }, (_, i) => 50_000 + 1000 * i),
    );
  });

  test('finds the same as a look at each packet, whoever they were for', () => {
    const log = new PacketLog(20_000);
    const sent: { rooms: string[]; except: string[] }[] = [];
    for (let i = 0; i < 3000; i += 1) {
      const rooms = ['a', 'b', 'c'].filter((_, bit) => ((i * 7) >> bit) & 1);
      const except = i % 5 === 0 ? ['b'] : [];
      sent.push({ rooms, except });
      log.append([i], { rooms: new Set(rooms), except: new Set(except) }, i);
    }
    log.expire(2900);
    for (const mine of [[], ['a'], ['b'], ['c', 'a'], ['a', 'b', 'c'], ['d']]) {
      const wanted = sent.flatMap(({ rooms, except }, number) => {
        const reaches = rooms.length === 0 || rooms.some((room) => mine.includes(room));
        return number >= 2900 && reaches && !except.some((room) => mine.includes(room)) ? [number] : [];
      });
      expect(log.since(0, new Set(mine)).map(({ number }) => number)).toEqual(wanted);
    }
  });

  test('drops the oldest for space and remembers that it did', () => {
    const log = new PacketLog(500);
    for (let i = 0; i < 5000; i += 1) log.append(['packet', i], all, 0);
    expect(log.bytes).toBeLessThanOrEqual(500);
    expect(log.lostBefore).toBeGreaterThan(4980);
    expect(log.since(0, anyone)[0]).toEqual({ number: log.lostBefore, data: ['packet', log.lostBefore] });
    expect(log.end).toBe(5000);
  });

  test('drops what is old without calling it lost', () => {
    const log = new PacketLog(1_000_000);
    for (let i = 0; i < 3000; i += 1) log.append(['packet', i], all, i);
    log.expire(2500);
    expect([log.since(0, anyone)[0], log.lostBefore]).toEqual([{ number: 2500, data: ['packet', 2500] }, 0]);
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
