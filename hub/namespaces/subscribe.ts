/** `subscribe` and `unsubscribe`, the same for the fleet and for a group: a view, and the history that leads up to it. */
import { RequestError } from '#contract/errors.ts';
import { limits } from '#contract/limits.ts';
import type {
  HistoryAnswer,
  HistoryQuery,
  HistorySeries,
  SubscribeAnswer,
  SubscribeRequest,
} from '#contract/view.ts';
import type { Clock, History, Live, Resumption } from '#ports';
import type { Caller } from './caller.ts';
import type { Handler } from './event-table.ts';
import type { FrameRooms } from './frames.ts';
import { parseUnsubscribe } from './requests.ts';

export function unsubscribeHandler(frames: FrameRooms): Handler {
  return ({ socket }, payload) => {
    const { view } = parseUnsubscribe(payload);
    if (!frames.unsubscribe(socket, view))
      throw new RequestError(404, 'no-such-view', 'You have no such view.');
    return {};
  };
}

export interface SubscribeParts {
  readonly live: Live;
  readonly history: History;
  readonly clock: Clock;
  readonly frames: FrameRooms;
}

/**
 * Answers a subscription with history. The history is read first; what is committed meanwhile is in `missed`, so that
 * history, `missed` and the frames follow each other without a hole; and without an overlap, where history says up to
 * which offset it goes.
 */
export async function subscribeWithHistory(
  parts: SubscribeParts,
  { socket, group }: Caller,
  request: SubscribeRequest & { readonly history: NonNullable<SubscribeRequest['history']> },
  reply: (answer: object) => void,
): Promise<void> {
  const { live, history, frames } = parts;
  const { history: wanted, from, groups: _groups, ...spec } = request;
  // One member more until the subscription itself is open: the view, and what it covers, is known once.
  const before = await frames.open(socket, group, spec, undefined, undefined);
  try {
    const query = historyQuery(before, wanted, parts.clock.nowUs() / 1000);
    const answered = query === undefined ? undefined : await whole(history.query(group, query));
    const start = from ?? { epoch: before.epoch, offset: before.offset };
    const held = query && answered && heldBy(query, answered);
    await frames.subscribe(socket, { ...spec, from: { ...start, held } }, undefined, (answer) =>
      reply({ ...answer, history: answered === undefined ? [] : shown(before, answered.series) }),
    );
  } finally {
    live.release(group, before.view);
  }
}

/** @throws {RequestError} the oldest part alone would leave a hole before live */
async function whole(asked: Promise<HistoryAnswer>): Promise<HistoryAnswer> {
  const answer = await asked;
  if (!answer.truncated) return answer;
  const message = `That is more than ${limits.historyPoints} points: ask for a later start, or with maxPoints.`;
  throw new RequestError(413, 'too-many-points', message);
}

function historyQuery(
  { latest }: SubscribeAnswer,
  { start, maxPoints }: { readonly start: number; readonly maxPoints?: number | undefined },
  nowMs: number,
): HistoryQuery | undefined {
  const devices = [...new Set(latest.map(([device]) => device))];
  const metrics = [...new Set(latest.map(([, metric]) => metric))];
  if (devices.length === 0) return undefined;
  if (devices.length > limits.historySeries || metrics.length > limits.historySeries)
    throw new RequestError(
      413,
      'too-many-series',
      `History comes with a view of at most ${limits.historySeries} devices and metrics.`,
    );
  // Devices whose clock is ahead have readings that are not past yet.
  const end = Math.max(nowMs, ...latest.map(([, , timeMs]) => timeMs)) + 1;
  return { devices, metrics, start, end, ...(maxPoints === undefined ? {} : { maxPoints }) };
}

/** Which readings history holds: those of the question that were committed when it was answered. */
function heldBy(
  { devices, metrics = [], start, end = 0 }: HistoryQuery,
  { offset }: HistoryAnswer,
): Resumption['held'] {
  if (offset === undefined) return undefined;
  return (reading) =>
    reading.offset <= offset &&
    reading.timeUs >= start * 1000 &&
    reading.timeUs < end * 1000 &&
    devices.includes(reading.device) &&
    metrics.includes(reading.metric);
}

/** Devices times metrics is more than the view covers. */
function shown({ latest }: SubscribeAnswer, series: readonly HistorySeries[]): readonly HistorySeries[] {
  const covered = new Set(latest.map(([device, metric]) => `${device}/${metric}`));
  return series.filter(({ device, metric }) => covered.has(`${device}/${metric}`));
}
