/**
 * A room per view: each frame is encoded once and written to one member after the other. A member that does not keep up
 * (`drain.ts`) is left out, and gets a `gap` with the newest values of what has changed meanwhile once it has caught up:
 * fewer frames, never older ones. A frozen dashboard costs bounded memory and harms nobody.
 */
import type { HubToDashboard } from '#contract/events.ts';
import type { SubscribeAnswer, SubscribeRequest } from '#contract/view.ts';
import { RequestError } from '#contract/errors.ts';
import { limits } from '#contract/limits.ts';
import type { Clock, Counters, Live, Resumption, ViewFrame } from '#ports';
import { jsonText, type Namespace, type Socket } from '#socketio';
import { Drain } from './drain.ts';
import type { FairTurns } from './fair-turns.ts';

/** How often those who were left out are looked at. */
const catchUpMs = 50;

type Gap = Parameters<HubToDashboard['gap']>[0];

interface Member {
  readonly socket: Socket;
  readonly group: string;
  readonly drain: Drain;
  readonly views: Set<string>;
  /** Views of which it misses frames, and the offset of the last one that it was sent; undefined: of none. */
  behind: Map<string, number> | undefined;
  /** Subscriptions that are being opened. */
  readonly opening: Set<symbol>;
}

interface Room {
  readonly members: Set<Member>;
  /** Of the last frame. */
  offset: number;
}

export interface FrameRoomsParts {
  readonly live: Live;
  readonly turns: FairTurns;
  readonly clock: Clock;
  readonly counters: Counters;
  /** The namespace of a group (or the fleet), if anybody is in it. */
  readonly namespaceOf: (group: string) => Namespace | undefined;
}

export class FrameRooms {
  readonly #live: Live;
  readonly #clock: Clock;
  readonly #counters: Counters;
  readonly #namespaceOf: FrameRoomsParts['namespaceOf'];
  readonly #members = new Map<Socket, Member>();
  /** By group and view. */
  readonly #rooms = new Map<string, Room>();
  readonly #slow = new Set<Member>();
  readonly #turns: FairTurns;
  #isWatching = false;

  constructor({ live, turns, clock, counters, namespaceOf }: FrameRoomsParts) {
    this.#live = live;
    this.#clock = clock;
    this.#counters = counters;
    this.#namespaceOf = namespaceOf;
    this.#turns = turns;
    live.onFrame((frame) => this.#send(frame));
  }

  /** From now on the socket may subscribe; its views end with it. */
  admit(socket: Socket, group: string): void {
    this.#members.set(socket, {
      socket,
      group,
      drain: new Drain(socket.conn),
      views: new Set(),
      behind: undefined,
      opening: new Set(),
    });
    socket.on('disconnect', () => this.#dismiss(socket));
    const onUnread = (frames: number): void => this.#counters.count('socketio', 'unread-at-close', frames);
    socket.client.pace({ turns: this.#turns, onUnread });
  }

  /** Opens when it is the socket's turn, so that a burst of subscriptions holds up nobody else. */
  open(socket: Socket, ...args: Parameters<Live['open']>): Promise<SubscribeAnswer> {
    return new Promise((resolve) => this.#turns.take(socket, () => resolve(this.#live.open(...args))));
  }

  /**
   * @param begin called in the turn in which the stream begins: what it sends is ahead of the first frame
   * @throws {RequestError} too many views, or not admitted
   */
  async subscribe(
    socket: Socket,
    { from, history: _history, groups: _groups, ...spec }: SubscribeRequest & { readonly from?: Resumption },
    groups: readonly string[] | undefined,
    begin: (answer: SubscribeAnswer) => void,
  ): Promise<void> {
    const member = this.#members.get(socket);
    if (member === undefined)
      throw new RequestError(403, 'not-a-dashboard', 'A socket that speaks for a device has no views.');
    const most = limits.viewsPerConnection;
    // Who asks again for a view that it has, to read what it missed, has no view more.
    const isRepeat = (): boolean => member.views.has(this.#live.viewId(member.group, spec, groups));
    if (member.opening.size >= most || (member.views.size + member.opening.size >= most && !isRepeat()))
      throw new RequestError(429, 'too-many-views', `At most ${most} views at a time.`);
    const ticket = Symbol('opening');
    member.opening.add(ticket);
    let joined = false;
    try {
      const answer = await this.open(socket, member.group, spec, groups, from, (opened) => {
        member.opening.delete(ticket);
        joined = this.#join(member, opened.view, opened.offset);
        if (this.#members.has(socket)) begin(opened);
      });
      // Already a member, or gone meanwhile: the view was counted once more than it is used.
      if (!joined) this.#live.release(member.group, answer.view);
    } finally {
      member.opening.delete(ticket);
    }
  }

  /** False: it had no such view. */
  unsubscribe(socket: Socket, view: string): boolean {
    const member = this.#members.get(socket);
    if (member === undefined || !member.views.has(view)) return false;
    void socket.leave(roomOf(view));
    this.#leave(member, view);
    return true;
  }

  #join(member: Member, view: string, offset: number): boolean {
    if (!this.#members.has(member.socket) || member.views.has(view)) return false;
    member.views.add(view);
    const key = `${member.group}/${view}`;
    const room = this.#rooms.get(key) ?? { members: new Set(), offset };
    room.members.add(member);
    this.#rooms.set(key, room);
    void member.socket.join(roomOf(view));
    return true;
  }

  #leave(member: Member, view: string): void {
    const key = `${member.group}/${view}`;
    const room = this.#rooms.get(key);
    room?.members.delete(member);
    if (room?.members.size === 0) this.#rooms.delete(key);
    member.views.delete(view);
    member.behind?.delete(view);
    this.#live.release(member.group, view);
  }

  #dismiss(socket: Socket): void {
    const member = this.#members.get(socket);
    if (member === undefined) return;
    this.#members.delete(socket);
    this.#slow.delete(member);
    for (const view of member.views) this.#leave(member, view);
  }

  #send({ group, view, offset, text }: ViewFrame): void {
    const namespace = this.#namespaceOf(group);
    const room = this.#rooms.get(`${group}/${view}`);
    if (namespace === undefined || room === undefined) return;
    const event = namespace.share('readings', jsonText(text));
    const nowMs = this.#clock.monotonicMs();
    for (const member of room.members)
      if (this.#mayHave(member, view, room.offset, nowMs)) event.writeTo(member.socket);
    room.offset = offset;
  }

  #mayHave(member: Member, view: string, lastOffset: number, nowMs: number): boolean {
    if (member.behind?.has(view) !== true) {
      if (member.drain.keepsUp(nowMs)) return true;
      (member.behind ??= new Map()).set(view, lastOffset);
      this.#slow.add(member);
      this.#watch();
    }
    this.#counters.count('socketio', 'frame-skipped');
    return false;
  }

  // By time rather than by `drain`: listening to it would cost every packet of a busy connection.
  #watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    this.#clock.after(catchUpMs, () => {
      this.#isWatching = false;
      for (const member of this.#slow) this.#catchUp(member);
      if (this.#slow.size > 0) this.#watch();
    });
  }

  #catchUp(member: Member): void {
    for (const [view, offset] of member.behind ?? []) {
      if (!member.drain.hasCaughtUp(this.#clock.monotonicMs())) return;
      // Still left out while the snapshot is taken: what is pending is in it.
      const snapshot = this.#live.snapshot(member.group, view, offset);
      member.behind?.delete(view);
      const gap: Gap = { view, reason: 'slow-consumer', ...snapshot };
      member.socket.emit('gap', gap);
    }
    member.behind = undefined;
    this.#slow.delete(member);
  }
}

function roomOf(view: string): string {
  return `view:${view}`;
}
