/** A socket that only remembers, for what needs no network. */
import { EventEmitter } from 'node:events';
import type { Principal } from '#contract/access.ts';
import type { Socket } from '#socketio';
import type { Caller } from '../../../hub/namespaces/caller.ts';
import type { Line } from '../../../hub/namespaces/drain.ts';

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** A payload as a client sees it, whatever spared its encoding. */
export function asSeen(payload: unknown): unknown {
  const { toJSON } = (payload ?? {}) as { toJSON?: () => unknown };
  return toJSON === undefined ? payload : toJSON.call(payload);
}

export class FakeSocket extends EventEmitter {
  readonly id: string;
  connected = true;
  connectionsClosed = 0;
  readonly conn: Writable<Line> & Pick<Socket['conn'], 'close'> = {
    bufferedBytes: 0,
    close: () => void (this.connectionsClosed += 1),
  };
  readonly client = { pace: () => undefined };
  handshake: { auth: object; headers: { cookie?: string }; secure: boolean; address: string } = {
    auth: {},
    headers: {},
    secure: false,
    address: '127.0.0.1',
  };
  readonly rooms = new Set<string>();
  readonly sent: (readonly unknown[])[] = [];
  readonly closedWith: boolean[] = [];

  constructor(id = 'socket') {
    super();
    this.id = id;
  }

  get bufferedBytes(): number {
    return this.conn.bufferedBytes ?? 0;
  }

  set bufferedBytes(bytes: number) {
    this.conn.bufferedBytes = bytes;
  }

  /** The same object as the code sees it. */
  get socket(): Socket {
    return this as unknown as Socket;
  }

  /** What the client emits. */
  hear(event: string, ...args: readonly unknown[]): void {
    super.emit(event, ...args);
  }

  override emit(event: string, ...args: readonly unknown[]): boolean {
    this.sent.push([event, ...args.map(asSeen)]);
    return true;
  }

  timeout(): this {
    return this;
  }

  join(room: string): void {
    this.rooms.add(room);
  }

  leave(room: string): void {
    this.rooms.delete(room);
  }

  disconnect(close: boolean): void {
    this.closedWith.push(close);
    this.connected = false;
    this.hear('disconnect');
  }
}

export const viewer: Principal = { id: 'p', tokenId: 't', name: 'Ada', role: 'viewer', groups: ['home'] };

export function callerOf(fields: Partial<Caller> = {}): Caller {
  return {
    socket: new FakeSocket().socket,
    principal: viewer,
    group: 'home',
    device: undefined,
    source: { edge: 'socketio', principal: 'p' },
    ...fields,
  };
}
