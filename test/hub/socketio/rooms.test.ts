import { describe, expect, test } from 'vitest';
import { Rooms } from '../../../hub/socketio/rooms.ts';

function watched(): { rooms: Rooms; seen: unknown[] } {
  const rooms = new Rooms();
  const seen: unknown[] = [];
  for (const name of ['create-room', 'join-room', 'leave-room', 'delete-room']) {
    rooms.on(name, (...args: unknown[]) => seen.push([name, ...args]));
  }
  return { rooms, seen };
}

describe('rooms', () => {
  test('are made with the first socket and gone with the last', () => {
    const { rooms, seen } = watched();
    void rooms.addAll('1', new Set(['a']));
    void rooms.addAll('2', new Set(['a']));
    void rooms.addAll('2', new Set(['a']));
    void rooms.del('1', 'a');
    void rooms.del('1', 'a');
    rooms.delAll('2');
    expect(seen).toEqual([
      ['create-room', 'a'],
      ['join-room', 'a', '1'],
      ['join-room', 'a', '2'],
      ['leave-room', 'a', '1'],
      ['leave-room', 'a', '2'],
      ['delete-room', 'a'],
    ]);
    expect([rooms.rooms.size, rooms.sids.size]).toEqual([0, 1]);
  });

  test('a socket is known before its first room is raised', () => {
    const rooms = new Rooms();
    let known: boolean | undefined;
    rooms.on('create-room', () => (known = rooms.sids.has('1')));
    void rooms.addAll('1', new Set(['a']));
    expect(known).toBe(true);
  });

  test('members are a union without repeats, less the excluded', () => {
    const rooms = new Rooms();
    void rooms.addAll('1', new Set(['a']));
    void rooms.addAll('2', new Set(['a', 'b']));
    void rooms.addAll('3', new Set(['b']));
    const members = (of: string[], except: string[]): string[] => [
      ...rooms.members(new Set(of), new Set(except)),
    ];
    expect(members(['a'], [])).toEqual(['1', '2']);
    expect(members(['a', 'b'], [])).toEqual(['1', '2', '3']);
    expect(members(['a', 'b'], ['b'])).toEqual(['1']);
    expect(members([], [])).toEqual(['1', '2', '3']);
    expect(members([], ['a'])).toEqual(['3']);
    expect(members(['nobody'], [])).toEqual([]);
  });
});
