import { expect, test } from 'vitest';
import { HttpProblem } from '../../../dashboards/api/http.ts';
import type { QuarantineEntry } from '../../../dashboards/api/hub-api.ts';
import { runQuarantine } from '../../../dashboards/state/quarantine-run.ts';
import type { QuarantineOrder, QuarantineProgress } from '../../../dashboards/state/quarantine-run.ts';

function row(id: number): QuarantineEntry {
  const source = { edge: 'mqtt', principal: 'gateway', topic: 'a/b' };
  return {
    id,
    at: id,
    code: id % 2 === 0 ? 'even' : 'odd',
    message: 'No.',
    source,
    payload: '{',
    encoding: 'utf8',
  };
}

/** Of 450 rows; a replay takes those with an odd id. */
class Hub {
  rows = Array.from({ length: 450 }, (_, index) => row(450 - index));
  failAfter = Infinity;
  readonly asked: number[] = [];

  async quarantine(query: { limit: number; before?: number; code?: string }) {
    const fits = ({ id, code }: QuarantineEntry): boolean =>
      id < (query.before ?? Infinity) && (query.code === undefined || query.code === code);
    return { items: this.rows.filter(fits).slice(0, query.limit), total: this.rows.length };
  }

  async replayQuarantine(ids: readonly number[]) {
    this.#ask(ids);
    const taken = ids.filter((id) => id % 2 === 1);
    this.rows = this.rows.filter(({ id }) => !taken.includes(id));
    return { messages: taken.length, readings: taken.length * 2, left: { even: ids.length - taken.length } };
  }

  async purgeQuarantine(ids: readonly number[]) {
    this.#ask(ids);
    this.rows = this.rows.filter(({ id }) => !ids.includes(id));
    return ids.length;
  }

  #ask(ids: readonly number[]): void {
    if (this.asked.length === this.failAfter)
      throw new HttpProblem(503, 'store-failing', 'The disk is full.');
    this.asked.push(ids.length);
  }
}

async function run(
  hub: Hub,
  order: QuarantineOrder,
  stopAfter = Infinity,
): Promise<{ readonly told: readonly QuarantineProgress[]; readonly broken: unknown }> {
  const told: QuarantineProgress[] = [];
  const stop = new AbortController();
  const tell = (progress: QuarantineProgress): void => {
    told.push(progress);
    if (progress.done >= stopAfter) stop.abort();
  };
  const running = runQuarantine(hub, order, tell, stop.signal);
  const broken = await running.then(
    () => undefined,
    (error: unknown) => error,
  );
  return { told, broken };
}

test('a replay goes through all pages, tells how far it is, and what it left', async () => {
  const hub = new Hub();
  const { told, broken } = await run(hub, { work: 'replay' });
  expect(told.map(({ done, total }) => [done, total])).toEqual([
    [0, undefined],
    [200, 450],
    [400, 450],
    [450, 450],
  ]);
  expect(told.at(-1)).toMatchObject({ settled: 225, readings: 450, left: { even: 225 } });
  expect(broken).toBeUndefined();
});

test('a purge of one reason leaves the others', async () => {
  const hub = new Hub();
  const { told } = await run(hub, { work: 'purge', code: 'odd' });
  expect(told.at(-1)).toMatchObject({ settled: 225 });
  expect(new Set(hub.rows.map(({ code }) => code))).toEqual(new Set(['even']));
});

test('it stops between two pages when asked to', async () => {
  const hub = new Hub();
  const { told, broken } = await run(hub, { work: 'purge' }, 200);
  expect(told.at(-1)).toMatchObject({ done: 200 });
  expect(broken).toMatchObject({ name: 'AbortError' });
  expect(hub.rows).toHaveLength(250);
});

test('what was done before the hub failed is told with its sentence', async () => {
  const hub = new Hub();
  hub.failAfter = 1;
  const { told, broken } = await run(hub, { work: 'purge' });
  expect(told.at(-1)).toMatchObject({ done: 200, settled: 200 });
  expect(broken).toMatchObject({ name: 'HttpProblem', message: 'The disk is full.' });
});

test('single rows are asked for as they are', async () => {
  const hub = new Hub();
  await run(hub, { work: 'purge', ids: [7] });
  expect(hub.rows.some(({ id }) => id === 7)).toBe(false);
  expect(hub.rows).toHaveLength(449);
});
