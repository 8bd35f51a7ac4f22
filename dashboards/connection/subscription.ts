/**
 * One live view and its place in the sequence of commits. After a cut it asks from that place, so that what was
 * committed meanwhile arrives exactly once; where the hub cannot give it (`gap`) it asks for history again.
 * Framework-free: it calls its consumer and knows nothing of charts.
 */
import type {
  GapReason,
  HistorySeries,
  Position,
  SubscribeAnswer,
  SubscribeRequest,
} from '#contract/view.ts';
import type { TimeRange } from '#contract/frame.ts';
import type { ReadingTuple } from '#contract/reading.ts';
import type { HubRefusedError } from './errors.ts';

/**
 * `connecting`: nothing is known yet. `live`: shows what is. `stale`: the link is cut, what is shown was. `catching-up`:
 * what was missed is on its way.
 */
export type ViewState = 'connecting' | 'live' | 'stale' | 'catching-up';

export interface ViewConsumer {
  /** A fresh start: everything held for this view is replaced. */
  reset(answer: {
    readonly latest: readonly ReadingTuple[];
    readonly history?: readonly HistorySeries[] | undefined;
    /** Committed while history was read: comes after it, and may repeat its end. */
    readonly missed: readonly ReadingTuple[];
  }): void;
  /** Committed after all earlier ones, each at most once. Of a conflated view: the newest, then late ones. */
  readings(readings: readonly ReadingTuple[]): void;
  /** The hub says no, by a stable code and in a sentence; it is asked again a little later. */
  refused?(code: string, message: string): void;
  /** The newest values after a hole that history has to fill. */
  gap(reason: GapReason, latest: readonly ReadingTuple[]): void;
  /** Late readings of these times were left out. A view with history fills that hole by itself. */
  incomplete?(range: TimeRange): void;
  /** Each change; the first is from `connecting`. */
  state?(state: ViewState): void;
}

/** A frame as it arrives; `gap` frames carry their reason, those with too little room where the rest lies. */
export interface Frame {
  readonly view: string;
  readonly offset: number;
  readonly readings: readonly ReadingTuple[];
  readonly gap?: GapReason | undefined;
  readonly incomplete?: TimeRange | undefined;
}

/** The spec, without the place to resume from: that is the subscription's own. */
export type ViewRequest = Omit<SubscribeRequest, 'from' | 'history'> & {
  /** Asked again at every fresh start, so that the range moves with time. */
  readonly history?: () => { readonly start: number; readonly maxPoints?: number } | undefined;
};

/** One question to the hub. */
export interface Ask {
  readonly request: SubscribeRequest;
  /** The answer replaces what is held: no place is known, or a hole is to be filled. */
  readonly isFresh: boolean;
}

export class Subscription {
  readonly #request: ViewRequest;
  readonly #consumer: ViewConsumer;
  #position: Position | undefined;
  #view: string | undefined;
  #state: ViewState = 'connecting';
  /** Only history fills it; the place is still good for the events that came after it. */
  #hasHole = false;

  constructor(request: ViewRequest, consumer: ViewConsumer) {
    this.#request = request;
    this.#consumer = consumer;
  }

  /** The hub's id of the view; undefined until it answered on this connection. */
  get view(): string | undefined {
    return this.#view;
  }

  get position(): Position | undefined {
    return this.#position;
  }

  /** What to ask the hub now; its answer is read by what was asked, whatever came meanwhile. */
  ask(): Ask {
    this.#become(this.#state === 'connecting' ? 'connecting' : 'catching-up');
    const { history, ...spec } = this.#request;
    const isFresh = this.#position === undefined || this.#hasHole;
    const range = isFresh ? history?.() : undefined;
    const request = {
      ...spec,
      ...(this.#position !== undefined && { from: this.#position }),
      ...(range !== undefined && { history: range }),
    };
    return { request, isFresh };
  }

  /** The link is cut: the view's id is void, the place stays. */
  lost(): void {
    this.#view = undefined;
    this.#become(this.#state === 'connecting' ? 'connecting' : 'stale');
  }

  /** Forgets the place, so that the next request asks for everything anew. */
  restart(): void {
    this.#position = undefined;
    this.#view = undefined;
  }

  refused({ code, message }: HubRefusedError): void {
    this.#consumer.refused?.(code, message);
  }

  /**
   * Takes the hub's answer and the frames that came before it.
   * @returns false when a hole remains that only a fresh start with history can fill
   */
  answered({ isFresh }: Ask, answer: SubscribeAnswer, early: readonly Frame[]): boolean {
    this.#view = answer.view;
    this.#position = { epoch: answer.epoch, offset: answer.offset };
    const { latest, history, missed = [] } = answer;
    if (isFresh) this.#consumer.reset({ latest, history, missed });
    else if (answer.gap !== undefined) this.#consumer.gap(answer.gap, latest);
    else this.#consumer.readings(missed);
    let isWhole = answer.gap === undefined || this.#request.history === undefined;
    for (const frame of early) if (frame.view === answer.view) isWhole = this.frame(frame) && isWhole;
    this.#hasHole = !isWhole;
    this.#become(isWhole ? 'live' : 'catching-up');
    return isWhole;
  }

  /** @returns false when the frame tells of a hole that only a fresh start with history can fill */
  frame(frame: Frame): boolean {
    if (this.#position === undefined) return true;
    // A frame may repeat what the answer already held: its offset says so.
    if (frame.offset <= this.#position.offset && frame.gap === undefined) return true;
    this.#position = { epoch: this.#position.epoch, offset: Math.max(frame.offset, this.#position.offset) };
    const { gap, incomplete, readings } = frame;
    if (gap === undefined) this.#consumer.readings(readings);
    else this.#consumer.gap(gap, readings);
    if (gap === undefined && incomplete === undefined) return true;
    if (incomplete !== undefined) this.#consumer.incomplete?.(incomplete);
    const history = this.#request.history?.();
    // What lies before the history that is shown is no hole in it.
    if (history === undefined || (incomplete !== undefined && incomplete.end <= history.start)) return true;
    this.#hasHole = true;
    this.#become('catching-up');
    return false;
  }

  #become(state: ViewState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#consumer.state?.(state);
  }
}
