/**
 * The hub's client for pages and programs: one link with a state, channels of groups, and series that are followed
 * without a seam between history and live. Needs `socket.io-client` and nothing of a browser.
 */
import { Connection } from '../connection/connection.ts';
import { openSocketsOf } from '../connection/open-socket.ts';
import { browserTiming, type Timing } from '../connection/socket-like.ts';

export { Channel } from '../connection/channel.ts';
export { Connection, type FleetChannel, type GroupChannel } from '../connection/connection.ts';
export { HubRefusedError, NoAnswerError } from '../connection/errors.ts';
export type { LinkName, LinkState } from '../connection/link-state.ts';
export type { OpenSocket, SocketLike, Timing } from '../connection/socket-like.ts';
export type { ViewConsumer, ViewRequest, ViewState } from '../connection/subscription.ts';
export { LiveSeries, type LiveSeriesOptions } from '../series/live-series.ts';
export { SeriesRing } from '../series/ring.ts';
export { SeriesBook, type BookSeries } from '../series/series-book.ts';
export type * from '#contract/events.ts';
export type { EventMessage } from '#contract/event.ts';
export { tuplesOf, type ReadingGroup, type ReadingsFrame } from '#contract/frame.ts';
export type { Quality, ReadingTuple, Tags, Value } from '#contract/reading.ts';
export type { GapReason, HistoryAnswer, HistoryQuery, Position, ViewSpec } from '#contract/view.ts';

export interface ConnectOptions {
  /** A token of the hub; without it the session cookie of the page decides. */
  readonly token?: string;
  readonly timing?: Timing;
}

/**
 * Opens the link; it comes back by itself after every cut until `close`.
 * @param url of the hub: `http://127.0.0.1:8080`
 */
export function connectToHub(
  url: string,
  { token, timing = browserTiming }: ConnectOptions = {},
): Connection {
  return new Connection({ openSocket: openSocketsOf(url, token), timing });
}
