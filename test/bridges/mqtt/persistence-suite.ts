/**
 * Runs the published test suite of aedes' persistence interface over ours, as `node --test` does. The persistence
 * under test starts anew from its store before every answer: what the suite sees has been on its way through the rows.
 */
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import type { BrokerChange, BrokerRow, BrokerStateStore } from '#ports';
import { DurablePersistence } from '../../../bridges/mqtt/durable-persistence.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { MemoryState } from './memory-state.ts';

const runSuite = createRequire(import.meta.url)('aedes-persistence/abstract') as (options: object) => void;

/** Wills are in memory only, and these belong to the life of one process. */
const ofOneLife = new Set(['putWill', 'getWill', 'delWill', 'streamWill', 'destroy', 'broker', 'setup']);
const streams = new Set([
  'createRetainedStream',
  'createRetainedStreamCombi',
  'outgoingStream',
  'getClientList',
]);

function startsAnew(): object {
  const store: BrokerStateStore = new MemoryState();
  const make = (): DurablePersistence =>
    new DurablePersistence({ store, log: silentLog, counters: new CountersProbe() });
  const first = make();
  let current = first;
  const restart = async (): Promise<DurablePersistence> => {
    await current.settled();
    const next = make();
    await next.setup(first.broker);
    current = next;
    return next;
  };
  type Method = (...args: readonly unknown[]) => unknown;
  const methodOf = (of: DurablePersistence, name: string): Method =>
    (of as unknown as Record<string, Method>)[name]!;
  return new Proxy(first, {
    get(target, property) {
      const name = String(property);
      const own = Reflect.get(target, property) as unknown;
      if (typeof own !== 'function') return own;
      if (name === 'setup') return async (broker: unknown) => target.setup(broker);
      if (ofOneLife.has(name)) return own.bind(target);
      if (streams.has(name))
        return (...args: readonly unknown[]) =>
          Readable.from(
            (async function* () {
              const fresh = await restart();
              yield* methodOf(fresh, name).call(fresh, ...args) as AsyncIterable<unknown>;
            })(),
          );
      return async (...args: readonly unknown[]) => {
        const fresh = await restart();
        return await methodOf(fresh, name).call(fresh, ...args);
      };
    },
  });
}

const variants: Readonly<Record<string, () => unknown>> = {
  alive: () =>
    new DurablePersistence({ store: new MemoryState(), log: silentLog, counters: new CountersProbe() }),
  restarted: startsAnew,
};

runSuite({ test, persistence: variants[process.argv[2] ?? 'alive'], testAsync: true });

export type { BrokerChange, BrokerRow };
