/**
 * Replays or purges quarantine page by page, the newest first, so that it can be watched and stopped. What comes in
 * meanwhile is left alone.
 */
import type { HubApi } from '../api/hub-api.ts';

const pageRows = 200;

export type QuarantineWork = 'replay' | 'purge';

export interface QuarantineProgress {
  readonly work: QuarantineWork;
  /** Rows looked at so far. */
  readonly done: number;
  /** Rows there are; undefined where only those of one reason are meant. */
  readonly total: number | undefined;
  /** Messages taken in again, or rows purged. */
  readonly settled: number;
  readonly readings: number;
  /** What a replay left where it was, by reason. */
  readonly left: Readonly<Record<string, number>>;
}

export interface QuarantineOrder {
  readonly work: QuarantineWork;
  /** Only rows of this reason. */
  readonly code?: string | undefined;
  /** Only these rows. */
  readonly ids?: readonly number[] | undefined;
}

type Api = Pick<HubApi, 'quarantine' | 'replayQuarantine' | 'purgeQuarantine'>;

/** Tells after every page. @throws {HttpProblem} with what the hub says; what was told is done */
export async function runQuarantine(
  api: Api,
  order: QuarantineOrder,
  tell: (progress: QuarantineProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  let progress: QuarantineProgress = {
    work: order.work,
    done: 0,
    total: order.ids?.length,
    settled: 0,
    readings: 0,
    left: {},
  };
  tell(progress);
  for await (const { ids, total } of pagesOf(api, order)) {
    signal.throwIfAborted();
    progress = { ...(await settle(api, progress, ids)), total };
    tell(progress);
  }
}

async function settle(
  api: Api,
  progress: QuarantineProgress,
  ids: readonly number[],
): Promise<QuarantineProgress> {
  const done = progress.done + ids.length;
  if (progress.work === 'purge')
    return { ...progress, done, settled: progress.settled + (await api.purgeQuarantine(ids)) };
  const { messages, readings, left } = await api.replayQuarantine(ids);
  const all = { ...progress.left };
  for (const [reason, count] of Object.entries(left)) all[reason] = (all[reason] ?? 0) + count;
  return {
    ...progress,
    done,
    settled: progress.settled + messages,
    readings: progress.readings + readings,
    left: all,
  };
}

/** With how many there are in all, as far as that is known. */
async function* pagesOf(
  api: Api,
  { ids, code }: QuarantineOrder,
): AsyncGenerator<{ readonly ids: readonly number[]; readonly total: number | undefined }> {
  if (ids !== undefined) return yield { ids, total: ids.length };
  let before: number | undefined;
  let total: number | undefined;
  for (;;) {
    const page = await api.quarantine({
      limit: pageRows,
      ...(before === undefined ? {} : { before }),
      ...(code === undefined ? {} : { code }),
    });
    if (code === undefined) total ??= page.total;
    if (page.items.length > 0) yield { ids: page.items.map(({ id }) => id), total };
    before = page.items.at(-1)?.id;
    if (page.items.length < pageRows) return;
  }
}
