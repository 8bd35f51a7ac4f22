/**
 * Which sockets are in which rooms, kept both ways round. Knows ids only; raises the adapter's four room events.
 */
import { EventEmitter } from 'node:events';

export type SocketId = string;
export type Room = string;
export type PrivateSessionId = string;

const nowhere: ReadonlySet<SocketId> = new Set();

export class Rooms extends EventEmitter {
  readonly rooms = new Map<Room, Set<SocketId>>();
  readonly sids = new Map<SocketId, Set<Room>>();

  /** Adds a socket to rooms. Its own entry exists before the first room event is raised. */
  addAll(id: SocketId, rooms: ReadonlySet<Room>): Promise<void> | void {
    let joined = this.sids.get(id);
    if (joined === undefined) this.sids.set(id, (joined = new Set()));
    for (const room of rooms) {
      joined.add(room);
      let members = this.rooms.get(room);
      if (members === undefined) {
        this.rooms.set(room, (members = new Set()));
        this.emit('create-room', room);
      }
      if (members.has(id)) continue;
      members.add(id);
      this.emit('join-room', room, id);
    }
  }

  del(id: SocketId, room: Room): Promise<void> | void {
    this.sids.get(id)?.delete(room);
    this.#leave(room, id);
  }

  delAll(id: SocketId): void {
    const joined = this.sids.get(id);
    if (joined === undefined) return;
    for (const room of joined) this.#leave(room, id);
    this.sids.delete(id);
  }

  #leave(room: Room, id: SocketId): void {
    const members = this.rooms.get(room);
    if (members === undefined) return;
    if (members.delete(id)) this.emit('leave-room', room, id);
    if (members.size === 0 && this.rooms.delete(room)) this.emit('delete-room', room);
  }

  socketRooms(id: SocketId): Set<Room> | undefined {
    return this.sids.get(id);
  }

  /**
   * The sockets in any of `rooms` (in all of the namespace when empty) but in none of `except`.
   * One room without exceptions is the set itself: do not keep it, and expect changes while iterating.
   */
  members(rooms: ReadonlySet<Room>, except: ReadonlySet<Room> | undefined): Iterable<SocketId> {
    const excluded = except === undefined || except.size === 0 ? nowhere : this.#union(except);
    if (rooms.size === 0) return excluded.size === 0 ? this.sids.keys() : without(this.sids.keys(), excluded);
    if (rooms.size > 1) return without(this.#union(rooms), excluded);
    const [only] = rooms;
    const members = this.rooms.get(only as Room) ?? nowhere;
    return excluded.size === 0 ? members : without(members, excluded);
  }

  #union(rooms: ReadonlySet<Room>): Set<SocketId> {
    const ids = new Set<SocketId>();
    for (const room of rooms) {
      for (const id of this.rooms.get(room) ?? nowhere) ids.add(id);
    }
    return ids;
  }
}

function* without(ids: Iterable<SocketId>, excluded: ReadonlySet<SocketId>): Iterable<SocketId> {
  for (const id of ids) if (!excluded.has(id)) yield id;
}
