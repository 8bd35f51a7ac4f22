/**
 * The writer thread: group commit without linger. Whatever has arrived when the last commit returns is the next
 * group; only its size is bounded.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { FromThread, ToThread } from './messages.ts';
import { returnStartMemorySoon } from './start-memory.ts';
import { messageOf, Writer, type GroupMember, type WriterOptions } from './writer.ts';

type Port = NonNullable<typeof parentPort>;

/** Readings in one transaction; a turn that is larger is a group of its own. */
const groupRows = 10_000;

function runWriterThread(port: Port, options: WriterOptions): void {
  const writer = new Writer(options);
  let tending = false;

  const post = (replies: readonly FromThread[]): void => {
    if (replies.length > 0) port.postMessage(replies);
  };
  const tend = (): void => {
    const { replies, more } = writer.tend();
    post(replies);
    tending = more;
    // After each piece the port is looked at first: appends do not wait for the upkeep.
    if (more) setImmediate(tend);
  };
  const finish = (): void => {
    writer.close();
    port.close();
  };

  port.on('message', (first: ToThread) => {
    let next: ToThread | undefined = first;
    while (next !== undefined) {
      if (next.kind === 'close') return finish();
      if (next.kind === 'tick') {
        writer.tick(next.nowMs, next.wallMs);
        next = received(port);
      } else {
        const { group, after } = collect(port, next);
        post(writer.commit(group));
        next = after;
      }
    }
    if (!tending) tend();
  });
  port.postMessage(writer.ready);
  returnStartMemorySoon();
}

function received(port: Port): ToThread | undefined {
  return receiveMessageOnPort(port)?.message;
}

/** Everything that waits at the port and belongs into one transaction, and the first message that does not. */
function collect(
  port: Port,
  first: GroupMember,
): { readonly group: readonly GroupMember[]; readonly after: ToThread | undefined } {
  const group: GroupMember[] = [];
  let rows = 0;
  let next: ToThread | undefined = first;
  while (next !== undefined && (next.kind === 'append' || next.kind === 'call')) {
    group.push(next);
    rows += next.kind === 'append' ? next.count : 1;
    next = rows < groupRows ? received(port) : undefined;
  }
  return { group, after: next };
}

if (parentPort !== null) start(parentPort);

function start(port: Port): void {
  try {
    runWriterThread(port, workerData as WriterOptions);
  } catch (error) {
    port.postMessage({ kind: 'broken', why: messageOf(error) });
    port.close();
  }
}
