/**
 * The reader thread: one call after the other, each answered or refused. Only questions about history may take long, and
 * take turns: between two of their slices every other call is answered.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { openForReading } from './database.ts';
import { HistoryReaders } from './history-readers.ts';
import type { CallDone, ToThread } from './messages.ts';
import { QuestionTurns } from './question-turns.ts';
import { readerCalls, type ReaderCalls } from './reader.ts';
import { returnStartMemorySoon } from './start-memory.ts';

type Port = NonNullable<typeof parentPort>;
type Call = (...args: readonly never[]) => unknown;
type CallMessage = Extract<ToThread, { kind: 'call' }>;

/** What others wait for at most. */
const sliceMs = 10;
/** What is not history is read once, from one end to the other: the journal, records page by page. */
const cacheKiB = 1024;
/** As many connections, each with pages of its own in memory. */
const together = 4;
/** Who asked has given up by then. */
const deadlineMs = 30_000;

function runReaderThread(port: Port, file: string): void {
  const database = openForReading(file, cacheKiB);
  const calls = new Map<string, Call>(Object.entries(readerCalls(database)));
  const history = new HistoryReaders(file);
  const turns = new QuestionTurns({ nowMs: monotonicMs, later: setImmediate, sliceMs, together, deadlineMs });
  const askHistory = ({ call, args }: CallMessage): void =>
    turns.ask({
      begin: () => history.answer(...(args as Parameters<ReaderCalls['history']>)),
      answered: (value) => port.postMessage([{ kind: 'answer', call, value }]),
      refused: (error) => port.postMessage([refusal(call, error)]),
    });
  port.on('message', (message: ToThread) => {
    if (message.kind === 'call' && message.name === 'history') return askHistory(message);
    if (message.kind === 'call') return port.postMessage([answer(calls, message)]);
    if (message.kind !== 'close') return;
    turns.stop(new Error('the hub is stopping'));
    history.close();
    database.close();
    port.close();
  });
  returnStartMemorySoon();
}

function monotonicMs(): number {
  return performance.now();
}

function answer(calls: ReadonlyMap<string, Call>, { call, name, args }: CallMessage): CallDone {
  try {
    const run = calls.get(name);
    if (run === undefined) return { kind: 'refusal', call, why: `The reader knows no call ${name}.` };
    return { kind: 'answer', call, value: run(...(args as readonly never[])) };
  } catch (error) {
    return refusal(call, error);
  }
}

function refusal(call: number, error: unknown): CallDone {
  return { kind: 'refusal', call, why: error instanceof Error ? error.message : String(error) };
}

if (parentPort !== null) runReaderThread(parentPort, (workerData as { readonly file: string }).file);
