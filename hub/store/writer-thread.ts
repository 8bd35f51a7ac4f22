/**
 * The writer thread: group commit without linger. Whatever has arrived when the last commit returns is the next
 * group; only its size is bounded.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { letGo } from './let-go.ts';
import type { FromThread, TickMessage, ToThread } from './messages.ts';
import { returnStartMemorySoon } from './start-memory.ts';
import { messageOf, Writer, type GroupMember, type WriterOptions } from './writer.ts';

type Port = NonNullable<typeof parentPort>;

/** Readings in one transaction; a turn that is larger is a group of its own. */
const groupRows = 10_000;
/** After a piece of upkeep the thread rests so many times as long, unless it is behind: a merge in one go would have a core
 * to itself for tens of milliseconds, and on a small machine those who answer devices wait for one. */
const restFactor = 2;
const longestRestMs = 20;
/** While somebody waits for a commit the rest goes on, but not for ever: in a flood a seventeenth of the time is the merge's. */
const mostRests = 8;

function runWriterThread(port: Port, options: WriterOptions): void {
  const writer = new Writer(options);
  /** What has arrived and is in no group yet. Its bound is that of the journal, `limits.ingestQueueBytes`. */
  const waiting: ToThread[] = [];
  /** Forgets the next piece of upkeep; undefined while none is due. */
  let forgetNext: (() => void) | undefined;
  /** Since the last piece. */
  let rests = 0;

  const post = (replies: readonly FromThread[]): void => {
    if (replies.length > 0) port.postMessage(replies);
  };
  const tend = (): void => {
    const beginMs = performance.now();
    const { replies, more, isBehind } = writer.tend();
    post(replies);
    // After each piece the port is looked at first: appends do not wait for the upkeep.
    const restMs = isBehind ? 0 : Math.min((performance.now() - beginMs) * restFactor, longestRestMs);
    forgetNext = more ? after(restMs, () => tendAfterRest(restMs)) : undefined;
  };
  const tendAfterRest = (restMs: number): void => {
    hear();
    rests += 1;
    if (restMs > 0 && waiting.length > 0 && rests < mostRests) {
      forgetNext = after(restMs, () => tendAfterRest(restMs));
      return;
    }
    rests = 0;
    tend();
  };
  const finish = (): void => {
    forgetNext?.();
    writer.close();
    port.close();
  };

  const work = (): void => {
    const group = collect(waiting, (tick) => writer.tick(tick.nowMs, tick.wallMs));
    if (group.members.length > 0) post(writer.commit(group.members));
    for (const member of group.members) if (member.kind === 'append') letGo(member.rows);
    if (group.isLast) return finish();
    if (waiting.length > 0) setImmediate(work);
    else hear();
    if (forgetNext === undefined) tend();
  };

  /** Notes what has come. Works later: while messages come, Node hears a thousand of them before it looks at timers or at
   * what V8 has to do. With an fsync for each of these that is half a minute without a merge. */
  const hear = (first?: ToThread): void => {
    const isScheduled = waiting.length > 0;
    if (first !== undefined) waiting.push(first);
    takeAll(port, waiting);
    if (!isScheduled && waiting.length > 0) setImmediate(work);
  };

  port.on('message', (first: ToThread) => hear(first));
  port.postMessage(writer.ready);
  returnStartMemorySoon();
}

/** @returns forgets it */
function after(ms: number, work: () => void): () => void {
  if (ms > 0) {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  }
  const turn = setImmediate(work);
  return () => clearImmediate(turn);
}

interface Group {
  readonly members: readonly GroupMember[];
  /** The thread was told to end. */
  readonly isLast: boolean;
}

/**
 * Takes from what waits as much as belongs into one transaction. The time is told in passing: if it began a new
 * group, a commit that takes longer than a second would take in a second's worth, and the rest would wait for ever.
 */
function collect(waiting: ToThread[], tell: (tick: TickMessage) => void): Group {
  const members: GroupMember[] = [];
  let rows = 0;
  let taken = 0;
  for (const next of waiting) {
    if (next.kind === 'close') return { members, isLast: true };
    taken += 1;
    if (next.kind === 'tick') {
      tell(next);
      continue;
    }
    members.push(next);
    rows += next.kind === 'append' ? next.count : 1;
    if (rows >= groupRows) break;
  }
  waiting.splice(0, taken);
  return { members, isLast: false };
}

function takeAll(port: Port, waiting: ToThread[]): void {
  for (;;) {
    const next = receiveMessageOnPort(port)?.message as ToThread | undefined;
    if (next === undefined) return;
    waiting.push(next);
  }
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
