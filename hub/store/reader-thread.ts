/** The reader thread: one call after the other, each answered or refused. */
import { parentPort, workerData } from 'node:worker_threads';
import { openForReading } from './database.ts';
import type { CallDone, ToThread } from './messages.ts';
import { readerCalls } from './reader.ts';
import { returnStartMemorySoon } from './start-memory.ts';

type Port = NonNullable<typeof parentPort>;
type Call = (...args: readonly never[]) => unknown;

function runReaderThread(port: Port, file: string): void {
  const database = openForReading(file);
  const calls = new Map<string, Call>(Object.entries(readerCalls(database)));
  port.on('message', (message: ToThread) => {
    if (message.kind === 'call') return port.postMessage([answer(calls, message)]);
    if (message.kind !== 'close') return;
    database.close();
    port.close();
  });
  returnStartMemorySoon();
}

function answer(
  calls: ReadonlyMap<string, Call>,
  { call, name, args }: Extract<ToThread, { kind: 'call' }>,
): CallDone {
  try {
    const run = calls.get(name);
    if (run === undefined) return { kind: 'refusal', call, why: `The reader knows no call ${name}.` };
    return { kind: 'answer', call, value: run(...(args as readonly never[])) };
  } catch (error) {
    return { kind: 'refusal', call, why: error instanceof Error ? error.message : String(error) };
  }
}

if (parentPort !== null) runReaderThread(parentPort, (workerData as { readonly file: string }).file);
