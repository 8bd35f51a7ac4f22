/**
 * The inbound events of a namespace: for each its permission and what handles it. All of them come through
 * `dispatch`: rights, acknowledgement and errors are the same for every event.
 */
import type { Action } from '#contract/access.ts';
import { RequestError, TryAgainError } from '#contract/errors.ts';
import type { Access } from '#ports';
import { isAllowed, type Caller } from './caller.ts';
import { Reply, type ReplyParts } from './reply.ts';

/** A client that asks faster than it reads answers: nothing more is prepared for it. */
const unsentBytes = 1024 * 1024;

/**
 * Returns the fields of the acknowledgement beside `ok: true`, or answers itself, in a certain moment or without a
 * promise for each event, and returns nothing. What it throws becomes the refusal.
 */
export type Handler = (
  caller: Caller,
  payload: unknown,
  reply: Reply,
) => Promise<object | void> | object | void;

export type Handlers = Readonly<Record<string, Handler>>;

export class EventTable {
  readonly #handlers = new Map<string, { readonly action: Action; readonly handle: Handler }>();
  readonly #access: Access;
  readonly #parts: ReplyParts;

  /** @throws {Error} an event has no permission: the hub must not start */
  constructor(
    handlers: Handlers,
    permissions: Readonly<Record<string, Action>>,
    { access, log, counters }: ReplyParts & { readonly access: Access },
  ) {
    for (const [event, handle] of Object.entries(handlers)) {
      const action = Object.hasOwn(permissions, event) ? permissions[event] : undefined;
      if (action === undefined) throw new Error(`The Socket.IO event ${event} declares no permission.`);
      this.#handlers.set(event, { action, handle });
    }
    this.#access = access;
    this.#parts = { log, counters };
  }

  /** Handles all events of a socket. */
  attach(caller: Caller): void {
    caller.socket.onAny((event: string, ...args: unknown[]) => void this.dispatch(caller, event, args));
  }

  /**
   * @param args as they came, an acknowledgement last
   * @returns when it is handled; rejects never
   */
  dispatch(caller: Caller, event: string, args: readonly unknown[]): Promise<void> | void {
    const reply = new Reply(this.#parts, event, args.at(-1));
    try {
      const answer = this.#handle(caller, event, args[0], reply);
      if (answer instanceof Promise) return answerWith(reply, answer);
      if (answer !== undefined) reply.accept(answer);
    } catch (error) {
      reply.refuse(error);
    }
  }

  #handle(caller: Caller, event: string, payload: unknown, reply: Reply): ReturnType<Handler> {
    const found = this.#handlers.get(event);
    if (found === undefined) {
      this.#parts.counters.count('socketio', 'unknown-event');
      throw new RequestError(404, 'unknown-event', 'The hub does not know this event.');
    }
    if (!isAllowed(this.#access, caller, found.action))
      throw new RequestError(403, 'forbidden', 'You may not do this.');
    if (caller.socket.bufferedBytes > unsentBytes)
      throw new TryAgainError('slow-consumer', 'Too much of what you asked for is still on its way to you.');
    return found.handle(caller, typeof payload === 'function' ? undefined : payload, reply);
  }
}

async function answerWith(reply: Reply, answer: Promise<object | void>): Promise<void> {
  try {
    const fields = await answer;
    if (fields !== undefined) reply.accept(fields);
  } catch (error) {
    reply.refuse(error);
  }
}
