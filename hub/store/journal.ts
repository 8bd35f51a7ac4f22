/**
 * The journal as the hub's thread sees it: gathers the appends of one turn of the event loop, sends them to the
 * writer thread as one message, and resolves them after the fsync. Bounded in bytes: above it, *not now*.
 */
import { TryAgainError } from '#contract/errors.ts';
import type { AppendListener, Clock, IngestJournal, JournalBatch, JournalCommit, JournalPage } from '#ports';
import type { Budget } from './budget.ts';
import type { ReadyMessage, TurnDone, TurnFailed } from './messages.ts';
import type { Room } from './room.ts';
import type { StoreSeriesIndex } from './series-index.ts';
import type { Spool } from './spool.ts';
import type { ReaderThread, WriterThread } from './threads.ts';
import { Turn } from './turn.ts';

/** A turn that has grown so large is sent without waiting for its end. */
const turnRows = 5000;
/** So many readings fill four pages of the file: to wait for more would spare a disk little. */
const lingeringRows = 500;
const lingeringBytes = 1024 * 1024;
/** What a reading takes on its way, beside its text: of these bytes 200 are alive (as it will be told, its cells, its place in
 * lists), the others what the collector has not looked at. Measured in the heap, as is what a message takes beside them. */
const bytesPerReading = 320;
const bytesPerAppend = 768;

export interface JournalOptions {
  readonly writer: WriterThread;
  readonly reader: ReaderThread;
  readonly series: StoreSeriesIndex;
  readonly ready: ReadyMessage;
  readonly clock: Clock;
  /** A turn waits so long for more; 0: for its end only. */
  readonly lingerMs: number;
  readonly budget: Budget;
  readonly room: Pick<Room, 'require'>;
  /** Absent: nobody follows. */
  readonly spool: Spool | undefined;
}

export class StoreJournal implements IngestJournal {
  readonly epoch: string;
  readonly series: StoreSeriesIndex;
  readonly #writer: WriterThread;
  readonly #reader: ReaderThread;
  readonly #clock: Clock;
  #lingerMs: number;
  readonly #budget: Budget;
  readonly #room: Pick<Room, 'require'>;
  readonly #spool: Spool | undefined;
  readonly #sent = new Map<number, Turn>();
  #turn: Turn | undefined;
  /** Until the turn that lingers is sent. */
  #forgetLinger: (() => void) | undefined;
  #turns = 0;
  /** The turn is sent when this turn of the event loop ends. */
  #isEnding = false;
  #head: number;
  #tail: number;
  /** Why nothing can be appended any more. */
  #ended: string | undefined;

  constructor({ writer, reader, series, ready, clock, lingerMs, budget, room, spool }: JournalOptions) {
    this.#writer = writer;
    this.#reader = reader;
    this.series = series;
    this.#clock = clock;
    this.#lingerMs = lingerMs;
    this.#budget = budget;
    this.#room = room;
    this.#spool = spool;
    this.epoch = ready.epoch;
    this.#head = ready.head;
    this.#tail = ready.tail;
  }

  head(): number {
    return this.#head;
  }

  tail(): number {
    return this.#tail;
  }

  append(batch: JournalBatch): Promise<JournalCommit> {
    return new Promise((resolve, reject) => {
      this.enqueue(batch, { committed: resolve, failed: reject });
    });
  }

  enqueue(batch: JournalBatch, listener: AppendListener): void {
    const bytes = bytesOf(batch);
    try {
      this.#admit(bytes, batch.givesWay === true);
    } catch (error) {
      return listener.failed(error as TryAgainError);
    }
    this.#turn ??= new Turn(this.series);
    this.#turn.add(batch, listener, { atMs: this.#clock.nowUs() / 1000, bytes });
    if (this.#turn.count >= turnRows) this.flush();
    else this.#flushLater(this.#mayLinger(this.#turn, batch));
  }

  get shedding(): TryAgainError | undefined {
    return this.#budget.shedding;
  }

  read(after: number, limit: number): Promise<JournalPage> {
    return this.#reader.call('readJournal', after, limit);
  }

  async release(clientId: string, packetId?: number): Promise<void> {
    // A client whose session begins anew: none of its packets may be remembered after this.
    if (packetId === undefined) this.flush();
    await this.#writer.call('releasePacket', clientId, packetId);
  }

  stopLingering(): void {
    this.#lingerMs = 0;
    this.flush();
  }

  /** The writer's answer to a turn. */
  settle(answer: TurnDone | TurnFailed): void {
    const turn = this.#sent.get(answer.turn);
    if (turn === undefined) return;
    this.#sent.delete(answer.turn);
    this.#budget.give(turn.bytes);
    if (answer.kind === 'appended') {
      this.#head = answer.head;
      this.#spool?.appended(answer.head, turn.textBytes);
      turn.done(answer);
    } else turn.failed(notStored(answer.why));
  }

  trimmedTo(tail: number): void {
    this.#tail = tail;
  }

  #mayLinger({ count, bytes }: Turn, { events, exactlyOnce, isUrgent }: JournalBatch): boolean {
    if (this.#lingerMs === 0 || isUrgent === true || exactlyOnce !== undefined || events.length > 0)
      return false;
    return count < lingeringRows && bytes < lingeringBytes;
  }

  #flushLater(mayLinger: boolean): void {
    if (mayLinger) {
      this.#forgetLinger ??= this.#clock.after(this.#lingerMs, () => this.flush());
      return;
    }
    if (this.#isEnding) return;
    this.#isEnding = true;
    setImmediate(() => this.flush());
  }

  /** Sends what this turn has gathered. */
  flush(): void {
    this.#forgetLinger?.();
    this.#forgetLinger = undefined;
    this.#isEnding = false;
    const turn = this.#turn;
    if (turn === undefined) return;
    this.#turn = undefined;
    this.#turns += 1;
    this.#sent.set(this.#turns, turn);
    const message = turn.toMessage(this.#turns);
    this.#writer.post(message, [message.rows.buffer]);
  }

  /** Sends the last; from now on nothing is taken. */
  end(): void {
    this.flush();
    this.#ended = 'the hub is stopping';
  }

  /** @throws {TryAgainError} nothing can be taken, or there is no room now */
  #admit(bytes: number, givesWay: boolean): void {
    if (this.#ended !== undefined) throw notStored(this.#ended);
    this.#room.require(givesWay);
    if (this.#spool?.refuses === true) throw spoolFull();
    this.#budget.take(bytes, givesWay);
  }

  /** The writer is gone: whatever it had not answered is not acknowledged. */
  abandon(why: string): void {
    this.#ended = why;
    if (this.#turn !== undefined) this.#sent.set(0, this.#turn);
    for (const turn of this.#sent.values()) {
      this.#budget.give(turn.bytes);
      turn.failed(notStored(why));
    }
    this.#sent.clear();
    this.#turn = undefined;
  }
}

function notStored(why: string): TryAgainError {
  return new TryAgainError('not-stored', `The hub cannot store anything now (${why}); send again later.`);
}

function spoolFull(): TryAgainError {
  const message = 'What waits for the database behind the hub has reached its bound; send again later.';
  return new TryAgainError('spool-full', message);
}

function bytesOf({ readings, events, quarantine }: JournalBatch): number {
  let bytes = bytesPerAppend + readings.length * bytesPerReading;
  for (const { value } of readings) if (typeof value === 'string') bytes += value.length * 2;
  for (const { data } of events) bytes += bytesPerReading + JSON.stringify(data).length * 2;
  for (const { raw } of quarantine ?? []) bytes += raw.bytes.byteLength;
  return bytes;
}
