/** The history of the file as its port: calls to the reader thread. */
import { RequestError, tooManyBuckets } from '#contract/errors.ts';
import { limits } from '#contract/limits.ts';
import type { CommittedReading } from '#contract/reading.ts';
import type { HistoryStore } from '#ports';
import type { TooManyBuckets, TooManySeries } from './history-reader.ts';
import type { LatestPage } from './journal-reader.ts';
import { rowsPerPage } from './pages.ts';
import { unpackAnswer } from './packed.ts';
import type { ReaderThread } from './threads.ts';

export function historyPort(reader: ReaderThread): HistoryStore {
  return {
    query: async (group, query) => unpackAnswer(notTooMany(await reader.call('history', group, query))),
    lastAt: async (group, query) => notTooMany(await reader.call('lastAt', group, query)),
    latest: () => latest(reader),
    events: (group, query) => reader.call('events', group, query),
  };
}

/** What is not merged yet comes first: a merge meanwhile then hides nothing. */
async function* latest(reader: ReaderThread): AsyncGenerator<readonly CommittedReading[]> {
  yield await reader.call('latestUnmerged');
  for (let after: number | undefined = 0; after !== undefined;) {
    const { readings, last }: LatestPage = await reader.call('latestMerged', after, rowsPerPage);
    if (readings.length > 0) yield readings;
    after = last;
  }
}

function notTooMany<Answer extends object>(answer: Answer | TooManySeries | TooManyBuckets): Answer {
  if ('tooManySeries' in answer) {
    const message = `The query matches more than ${limits.historySeries} series: name fewer devices or metrics.`;
    throw new RequestError(422, 'too-many-series', message);
  }
  if ('tooManyBuckets' in answer) throw tooManyBuckets();
  return answer;
}
