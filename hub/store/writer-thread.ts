/**
 * The writer thread: group commit without linger. Whatever has arrived when the last commit returns is the next
 * group; only its size is bounded.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { FromThread, TickMessage, ToThread } from './messages.ts';
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
    const group = collect(port, first, (tick) => writer.tick(tick.nowMs, tick.wallMs));
    if (group.members.length > 0) post(writer.commit(group.members));
    if (group.isLast) return finish();
    if (!tending) tend();
  });
  port.postMessage(writer.ready);
  returnStartMemorySoon();
}

interface Group {
  readonly members: readonly GroupMember[];
  /** The thread was told to end. */
  readonly isLast: boolean;
}

/**
 * Everything that waits at the port and belongs into one transaction. The time is told in passing: if it began a new
 * group, a commit that takes longer than a second would take in a second's worth, and the rest would wait for ever.
 */
function collect(port: Port, first: ToThread, tell: (tick: TickMessage) => void): Group {
  const members: GroupMember[] = [];
  let rows = 0;
  for (let next: ToThread | undefined = first; next !== undefined; next = received(port)) {
    if (next.kind === 'close') return { members, isLast: true };
    if (next.kind === 'tick') {
      tell(next);
      continue;
    }
    members.push(next);
    rows += next.kind === 'append' ? next.count : 1;
    if (rows >= groupRows) break;
  }
  return { members, isLast: false };
}

function received(port: Port): ToThread | undefined {
  return receiveMessageOnPort(port)?.message;
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
