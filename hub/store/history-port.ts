/** The history of the file as its port: calls to the reader thread. */
import { RequestError } from '#contract/errors.ts';
import { limits } from '#contract/limits.ts';
import type { HistoryStore } from '#ports';
import type { TooManySeries } from './history-reader.ts';
import { unpackAnswer } from './packed.ts';
import type { ReaderThread } from './threads.ts';

export function historyPort(reader: ReaderThread): HistoryStore {
  return {
    query: async (group, query) => unpackAnswer(notTooMany(await reader.call('history', group, query))),
    lastAt: async (group, query) => notTooMany(await reader.call('lastAt', group, query)),
    latest: () => reader.call('latest'),
    events: (group, query) => reader.call('events', group, query),
  };
}

function notTooMany<Answer extends object>(answer: Answer | TooManySeries): Answer {
  if (!('tooManySeries' in answer)) return answer;
  const message = `The query matches more than ${limits.historySeries} series: name fewer devices or metrics.`;
  throw new RequestError(422, 'too-many-series', message);
}
