/**
 * The inbound events of a namespace: for each its permission and what handles it. All of them come through
 * `dispatch`: rights, acknowledgement and errors are the same for every event.
 */
import type { Action } from '#contract/access.ts';
import { RequestError, toRefusal, TryAgainError } from '#contract/errors.ts';
import type { Access, Counters, Log } from '#ports';
import { isAllowed, type Caller } from './caller.ts';

/** A client that asks faster than it reads answers: nothing more is prepared for it. */
const unsentBytes = 1024 * 1024;

/** The answer of an event that was sent without an acknowledgement. */
export const toNobody = (): void => undefined;

/**
 * Answers with the fields of the acknowledgement beside `ok: true`; a handler that has to answer in a certain moment
 * calls `reply` itself and returns nothing; `toNobody` when nobody waits. What it throws becomes the refusal.
 */
export type Handler = (
  caller: Caller,
  payload: unknown,
  reply: (answer: object) => void,
) => Promise<object | void> | object | void;

export type Handlers = Readonly<Record<string, Handler>>;

export class EventTable {
  readonly #handlers = new Map<string, { readonly action: Action; readonly handle: Handler }>();
  readonly #access: Access;
  readonly #log: Log;
  readonly #counters: Counters;

  /** @throws {Error} an event has no permission: the hub must not start */
  constructor(
    handlers: Handlers,
    permissions: Readonly<Record<string, Action>>,
    { access, log, counters }: { access: Access; log: Log; counters: Counters },
  ) {
    for (const [event, handle] of Object.entries(handlers)) {
      const action = Object.hasOwn(permissions, event) ? permissions[event] : undefined;
      if (action === undefined) throw new Error(`The Socket.IO event ${event} declares no permission.`);
      this.#handlers.set(event, { action, handle });
    }
    this.#access = access;
    this.#log = log;
    this.#counters = counters;
  }

  /** Handles all events of a socket. */
  attach(caller: Caller): void {
    caller.socket.onAny((event: string, ...args: unknown[]) => void this.dispatch(caller, event, args));
  }

  /** Never rejects. `args` as they came, an acknowledgement last. */
  async dispatch(caller: Caller, event: string, args: readonly unknown[]): Promise<void> {
    const reply = replyOnce(args.at(-1));
    try {
      const accept = reply === toNobody ? toNobody : (fields: object) => reply({ ok: true, ...fields });
      const answer = await this.#handle(caller, event, args, accept);
      if (answer !== undefined) reply({ ok: true, ...answer });
    } catch (error) {
      const refusal = toRefusal(error);
      this.#counters.count('socketio', refusal.error.code === 'internal' ? 'event-failed' : 'event-refused');
      if (refusal.error.code === 'internal')
        this.#log.error('An event could not be handled.', { event: event.slice(0, 64), error });
      reply(refusal);
    }
  }

  #handle(
    caller: Caller,
    event: string,
    args: readonly unknown[],
    reply: (answer: object) => void,
  ): ReturnType<Handler> {
    const found = this.#handlers.get(event);
    if (found === undefined) {
      this.#counters.count('socketio', 'unknown-event');
      throw new RequestError(404, 'unknown-event', 'The hub does not know this event.');
    }
    if (!isAllowed(this.#access, caller, found.action))
      throw new RequestError(403, 'forbidden', 'You may not do this.');
    if (caller.socket.bufferedBytes > unsentBytes)
      throw new TryAgainError('slow-consumer', 'Too much of what you asked for is still on its way to you.');
    const [payload] = args;
    return found.handle(caller, typeof payload === 'function' ? undefined : payload, reply);
  }
}

function replyOnce(ack: unknown): (answer: object) => void {
  if (typeof ack !== 'function') return toNobody;
  let answered = false;
  return (answer) => {
    if (answered) return;
    answered = true;
    (ack as (answer: object) => void)(answer);
  };
}
