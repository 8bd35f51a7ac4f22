/**
 * One namespace: its requests with a deadline, its events, and its subscriptions, which it sends again after every
 * reconnection. Framework-free.
 */
import type { Refusal } from '#contract/errors.ts';
import { tuplesOf, type ReadingsFrame } from '#contract/frame.ts';
import type { HubToDashboard } from '#contract/events.ts';
import type { SubscribeAnswer } from '#contract/view.ts';
import type { EventMessage } from '#contract/event.ts';
import { HubRefusedError, NoAnswerError } from './errors.ts';
import { EventStream } from './event-stream.ts';
import { Subscription } from './subscription.ts';
import type { Ask, Frame, ViewConsumer, ViewRequest } from './subscription.ts';
import type { SocketLike, Timing } from './socket-like.ts';

type Handler = (...args: never[]) => void;
type PayloadOf<Event> = Event extends Handler ? Parameters<Event>[0] : never;
/** What the acknowledgement of an event carries when the hub says yes. */
type AnswerOf<Event> = Event extends Handler
  ? NonNullable<Parameters<Event>[1]> extends (answer: infer Answer) => void
    ? Exclude<Answer, Refusal>
    : never
  : never;
type Listener<Event> = Event extends Handler ? (payload: Parameters<Event>[0]) => void : never;

/** What the owner of the channels is told. */
export interface ChannelWatcher {
  connected(): void;
  lost(reason: string): void;
  refused(code: string): void;
  caughtUp(): void;
}

const requestDeadlineMs = 10_000;
const retrySubscribeMs = 2000;
/** A line that is too slow for a view has gaps all the time: history is not asked for at each of them. */
const freshStartEveryMs = 10_000;
/** Frames that may arrive before the answer that names their view. */
const earlyFramesKept = 64;

type GapMessage = Parameters<HubToDashboard['gap']>[0];

export class Channel<ToHub, FromHub> {
  readonly namespace: string;
  readonly #socket: SocketLike;
  readonly #timing: Timing;
  readonly #watcher: ChannelWatcher;
  readonly #subscriptions = new Set<Subscription>();
  readonly #connectedListeners = new Set<() => void>();
  readonly #events = new EventStream();
  /** Subscriptions that have a place and wait for what came after it. */
  readonly #resuming = new Set<Subscription>();
  readonly #retries = new Map<Subscription, () => void>();
  readonly #freshAtMs = new Map<Subscription, number>();
  /** What this connection was asked and has not answered: one request at a time per subscription. */
  readonly #asking = new Map<Subscription, Ask>();
  /** Ends what waits for an answer of this connection. */
  readonly #cuts = new Set<() => void>();
  /** Views that nobody here looks at any more, unless one that is being asked turns out to be the same. */
  readonly #leaving = new Set<string>();
  #early: Frame[] = [];

  constructor(parts: { namespace: string; socket: SocketLike; timing: Timing; watcher: ChannelWatcher }) {
    this.namespace = parts.namespace;
    this.#socket = parts.socket;
    this.#timing = parts.timing;
    this.#watcher = parts.watcher;
    this.#socket.on('connect', () => this.#onConnect());
    this.#socket.on('disconnect', (reason: string) => this.#onDisconnect(reason));
    this.#socket.on('connect_error', (error: Error & { data?: { code?: string } }) => this.#onRefused(error));
    this.#socket.on('readings', (frame: ReadingsFrame) =>
      this.#onFrame({ ...frame, readings: tuplesOf(frame) }),
    );
    this.#socket.on('event', (event: EventMessage) => this.#events.live(event));
    this.#socket.on('gap', (gap: GapMessage) =>
      this.#onFrame({ view: gap.view, offset: gap.offset, readings: gap.latest, gap: gap.reason }),
    );
    this.#socket.connect();
  }

  get connected(): boolean {
    return this.#socket.connected;
  }

  /** Whether every subscription of this connection is answered. */
  get isCaughtUp(): boolean {
    return this.connected && this.#asking.size === 0;
  }

  /**
   * Asks the hub and waits for its answer.
   * @throws {HubRefusedError} the hub said no, with a code and a sentence
   * @throws {NoAnswerError} not connected, cut before the answer, or no answer before the deadline
   */
  async request<Event extends keyof ToHub & string>(
    event: Event,
    payload: PayloadOf<ToHub[Event]>,
    deadlineMs: number = requestDeadlineMs,
  ): Promise<AnswerOf<ToHub[Event]>> {
    return (await this.#ask(event, payload, deadlineMs)) as AnswerOf<ToHub[Event]>;
  }

  /**
   * Listens to an event of the hub; the returned function ends it. `event`, what happened at a device, comes each once
   * and in order, also over a cut as far as the subscriptions of this channel cover the device.
   */
  on<Event extends keyof FromHub & string>(event: Event, listener: Listener<FromHub[Event]>): () => void {
    if (event === 'event') return this.#events.on(listener as unknown as (event: EventMessage) => void);
    this.#socket.on(event, listener);
    return () => void this.#socket.off(event, listener);
  }

  /** Runs now if connected, and after every reconnection: for what is asked anew each time. */
  onConnected(listener: () => void): () => void {
    this.#connectedListeners.add(listener);
    if (this.connected) listener();
    return () => void this.#connectedListeners.delete(listener);
  }

  /** Keeps a live view open over every reconnection until the returned function is called. */
  subscribe(request: ViewRequest, consumer: ViewConsumer): () => void {
    const subscription = new Subscription(request, consumer);
    this.#subscriptions.add(subscription);
    if (this.connected) void this.#open(subscription);
    return () => this.#unsubscribe(subscription);
  }

  /** Closes and opens the socket at once, instead of at the next attempt. */
  retryNow(): void {
    if (this.connected) return;
    this.#socket.disconnect();
    this.#socket.connect();
  }

  close(): void {
    for (const cancel of this.#retries.values()) cancel();
    this.#retries.clear();
    this.#subscriptions.clear();
    this.#socket.disconnect();
  }

  #ask(event: string, payload: unknown, deadlineMs: number): Promise<unknown> {
    if (!this.connected)
      return Promise.reject(new NoAnswerError('link-offline', 'There is no link to the hub.'));
    return new Promise((resolve, reject) => {
      const fail = (code: NoAnswerError['code'], message: string): void => {
        end();
        reject(new NoAnswerError(code, message));
      };
      // An acknowledgement belongs to its connection: another one never brings it.
      const cut = (): void => fail('link-offline', 'The link was cut before the hub answered.');
      const cancel = this.#timing.after(deadlineMs, () =>
        fail('link-timeout', `The hub did not answer within ${deadlineMs / 1000} s.`),
      );
      const end = (): void => {
        cancel();
        this.#cuts.delete(cut);
      };
      this.#cuts.add(cut);
      this.#socket.emit(event, payload, (answer: { readonly ok: true } | Refusal) => {
        end();
        if (answer.ok) return resolve(answer);
        const { code, message, retryAfterMs } = answer.error;
        reject(new HubRefusedError(code, message, retryAfterMs));
      });
    });
  }

  #onConnect(): void {
    this.#early = [];
    for (const subscription of this.#subscriptions)
      if (subscription.position !== undefined) this.#resuming.add(subscription);
    if (this.#resuming.size > 0) this.#events.hold();
    this.#watcher.connected();
    for (const listener of this.#connectedListeners) listener();
    for (const subscription of this.#subscriptions) void this.#open(subscription);
    if (this.#asking.size === 0) this.#watcher.caughtUp();
  }

  #onDisconnect(reason: string): void {
    this.#asking.clear();
    this.#leaving.clear();
    for (const cut of this.#cuts) cut();
    for (const subscription of this.#subscriptions) subscription.lost();
    this.#watcher.lost(reason);
  }

  #onRefused(error: Error & { data?: { code?: string } }): void {
    // Without a code the attempt failed below the namespace: the client tries again by itself.
    const code = error.data?.code;
    if (code === undefined && error.message !== 'Invalid namespace') this.#watcher.lost(error.message);
    else this.#watcher.refused(code ?? 'unknown-namespace');
  }

  async #open(subscription: Subscription): Promise<void> {
    this.#retries.get(subscription)?.();
    this.#retries.delete(subscription);
    // The next connection asks for all.
    if (!this.connected) return;
    const ask = subscription.ask();
    this.#asking.set(subscription, ask);
    const outcome = await this.#ask('subscribe', ask.request, requestDeadlineMs).then(
      (answer) => ({ answer: answer as SubscribeAnswer }),
      (error: unknown) => ({ error }),
    );
    // Cut meanwhile: whatever the old connection said, the new one was asked from the same place.
    if (this.#asking.get(subscription) !== ask) return;
    this.#asking.delete(subscription);
    if ('answer' in outcome) this.#onAnswer(subscription, ask, outcome.answer);
    else if (this.#subscriptions.has(subscription)) this.#retryLater(subscription, outcome.error);
    if (this.#asking.size === 0) this.#early = [];
    this.#leave();
    if (this.isCaughtUp) this.#watcher.caughtUp();
  }

  #onAnswer(subscription: Subscription, ask: Ask, answer: SubscribeAnswer): void {
    if (!this.#subscriptions.has(subscription)) return this.#release(answer.view);
    this.#events.answered(answer.epoch, answer.events);
    const isWhole = subscription.answered(ask, answer, this.#early);
    this.#resumed(subscription);
    if (!isWhole) this.#startAfresh(subscription);
  }

  /** A refusal or silence is asked again a little later. */
  #retryLater(subscription: Subscription, error: unknown): void {
    const waitMs =
      error instanceof HubRefusedError ? (error.retryAfterMs ?? retrySubscribeMs) : retrySubscribeMs;
    // The place may be what the hub objects to: the next attempt starts afresh.
    if (error instanceof HubRefusedError) {
      subscription.refused(error);
      subscription.restart();
      this.#resumed(subscription);
    }
    this.#retries.set(
      subscription,
      this.#timing.after(waitMs, () => void this.#open(subscription)),
    );
  }

  /** There is a hole that only history can fill; until then the view goes on with what comes. */
  #startAfresh(subscription: Subscription): void {
    // What is asked already is looked at when it is answered.
    if (this.#retries.has(subscription) || this.#asking.has(subscription)) return;
    const lastMs = this.#freshAtMs.get(subscription) ?? Number.NEGATIVE_INFINITY;
    const start = (): void => {
      this.#retries.delete(subscription);
      // The hole stays, and so does the place: the next connection is asked for history and for events.
      if (!this.connected) return;
      this.#freshAtMs.set(subscription, this.#timing.now());
      const { view } = subscription;
      subscription.restart();
      if (view !== undefined) this.#release(view);
      void this.#open(subscription);
    };
    const waitMs = lastMs + freshStartEveryMs - this.#timing.now();
    if (waitMs <= 0) start();
    else this.#retries.set(subscription, this.#timing.after(waitMs, start));
  }

  #onFrame(frame: Frame): void {
    let known = false;
    for (const subscription of this.#subscriptions) {
      if (subscription.view !== frame.view) continue;
      known = true;
      if (!subscription.frame(frame)) this.#startAfresh(subscription);
    }
    if (known || this.#asking.size === 0) return;
    if (this.#early.length === earlyFramesKept) this.#early.shift();
    this.#early.push(frame);
  }

  #resumed(subscription: Subscription): void {
    this.#resuming.delete(subscription);
    if (this.#resuming.size === 0) this.#events.release();
  }

  #unsubscribe(subscription: Subscription): void {
    this.#subscriptions.delete(subscription);
    this.#resumed(subscription);
    this.#retries.get(subscription)?.();
    this.#retries.delete(subscription);
    this.#freshAtMs.delete(subscription);
    if (subscription.view !== undefined) this.#release(subscription.view);
  }

  #release(view: string): void {
    if (this.connected) this.#leaving.add(view);
    this.#leave();
  }

  /** Equal views are one to the hub: who leaves takes it from all, so nobody does while one is being asked. */
  #leave(): void {
    if (this.#asking.size > 0) return;
    const looking = new Set(Array.from(this.#subscriptions, ({ view }) => view));
    for (const view of this.#leaving) if (!looking.has(view)) this.#socket.emit('unsubscribe', { view });
    this.#leaving.clear();
  }
}
