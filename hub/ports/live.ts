/** The live plane: views, frames and the newest values. Types only. */
import type { DeviceName } from '../contract/device.ts';
import type { CommittedEvent } from '../contract/event.ts';
import type { CommittedReading, ReadingTuple } from '../contract/reading.ts';
import type { Position, SubscribeAnswer, ViewSpec } from '../contract/view.ts';
import type { Committed } from './ingest.ts';

export interface ViewFrame {
  /** The group, or `*` for a view of the fleet. */
  readonly group: string;
  readonly view: string;
  readonly offset: number;
  /** A `ReadingsFrame` as JSON: what views have in common is put into it once for all of them. */
  readonly text: string;
}

/** The place that a dashboard comes back from. */
export interface Resumption extends Position {
  /** Which of the readings after it the dashboard has already, from history: it is not told them as missed. */
  readonly held?: ((reading: CommittedReading) => boolean) | undefined;
}

export interface Live {
  /** From ingest, in offset order. */
  publish(committed: Committed): void;
  /**
   * Opens a view for one member; equal specs share one view id and one stream of frames. Answers with the newest
   * values, and with what was missed since `from` or a gap.
   * @param group a group, or `*` for the fleet: then `groups` says which
   * @param begin called in the very turn in which the stream begins at the answer's offset: join the room and
   *   answer there, and no frame is missed, sent twice, or ahead of the answer
   * @throws {RequestError} a view of the fleet covers too many series
   */
  open(
    group: string,
    spec: ViewSpec,
    groups: readonly string[] | undefined,
    from: Resumption | undefined,
    begin?: (answer: SubscribeAnswer) => void,
  ): Promise<SubscribeAnswer>;
  /** The id that `open` answers with. */
  viewId(group: string, spec: ViewSpec, groups: readonly string[] | undefined): string;
  /** One member less; the last one ends the view. */
  release(group: string, view: string): void;
  /**
   * The newest values a view would show now: for members that were skipped.
   * @param after only of series that have a newer value since this offset
   */
  snapshot(
    group: string,
    view: string,
    after?: number,
  ): { readonly offset: number; readonly latest: readonly ReadingTuple[] };
  latest(group: string, device: string): readonly CommittedReading[];
  /** A device has another name now: what is newest of it shows under the new one. */
  moved(from: DeviceName, to: DeviceName): void;
  onFrame(listener: (frame: ViewFrame) => void): void;
  /** Events as they were committed: each once, in order, never conflated. */
  onEvent(listener: (event: CommittedEvent) => void): void;
  close(): void;
}
