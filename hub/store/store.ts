/**
 * The one file of the hub and its two threads, wired to the ports. Read this first, then `journal.ts` and `writer.ts`.
 */
import { limits } from '#contract/limits.ts';
import type { StoreStatus } from '#contract/status.ts';
import type { Clock, Counters, HistoryStore, Log, Store } from '#ports';
import { Budget } from './budget.ts';
import { deviceMover } from './device-mover.ts';
import { databaseBytes, takeFolder, type StoreFolder } from './folder.ts';
import { StoreFollower } from './follower.ts';
import { historyPort } from './history-port.ts';
import { StoreJournal } from './journal.ts';
import type { CallDone, FromThread, ReadyMessage, SeriesRow } from './messages.ts';
import { pages } from './pages.ts';
import { openRoom, type Disk, type Room } from './room.ts';
import { recordPorts, type RecordPorts } from './record-ports.ts';
import { StoreSeriesIndex } from './series-index.ts';
import { openSpool, type Spool, type SpoolOptions } from './spool.ts';
import { threadFile } from './thread-file.ts';
import { Thread, type ReaderThread, type WriterThread } from './threads.ts';
import { upkeepLimits, type UpkeepLimits } from './upkeep.ts';

export interface StoreOptions {
  /** Made when missing; holds `signalbox.db` and its companions. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
  /** Readings are gathered so long before they are committed (default 0: at once). */
  readonly lingerMs?: number | undefined;
  /** When to merge, checkpoint and let go; each has a default. */
  readonly upkeep?: Partial<UpkeepLimits> | undefined;
  /** What may wait for the disk, in bytes (default `limits.ingestQueueBytes`). */
  readonly queueBytes?: number | undefined;
  /** How full the disk of a folder is (default: as its file system says). */
  readonly diskOf?: ((folder: string) => Promise<Disk>) | undefined;
  /** Somebody follows the journal: what was not taken yet stays, within this bound. */
  readonly spool?: SpoolOptions | undefined;
}

export interface OpenStore extends Store {
  /** What the start found and repaired, in sentences; empty after a clean stop. */
  readonly found: readonly string[];
  /** This was a backup before: it has a new epoch. */
  readonly isRestored: boolean;
  /** Moves everything that is committed now into the clustered history. */
  merge(): Promise<void>;
}

interface MergeWaiting {
  readonly offset: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const tickMs = 1000;

/** @throws {Error} the folder cannot be used: a sentence for the operator */
export async function openStore(options: StoreOptions): Promise<OpenStore> {
  const folder = takeFolder(options.folder);
  try {
    return await SqliteStore.open(folder, options);
  } catch (error) {
    folder.unlock();
    throw error;
  }
}

class SqliteStore implements OpenStore {
  readonly found: readonly string[];
  readonly isRestored: boolean;
  readonly journal: StoreJournal;
  readonly history: HistoryStore;
  readonly devices: RecordPorts['devices'];
  readonly commands: RecordPorts['commands'];
  readonly tokens: RecordPorts['tokens'];
  readonly audit: RecordPorts['audit'];
  readonly quarantine: RecordPorts['quarantine'];
  readonly inbox: RecordPorts['inbox'];
  readonly mappings: RecordPorts['mappings'];
  readonly brokerState: RecordPorts['brokerState'];
  readonly retention: RecordPorts['retention'];
  readonly follower: StoreFollower | undefined;
  readonly #options: StoreOptions;
  readonly #folder: StoreFolder;
  readonly #writer: WriterThread;
  readonly #reader: ReaderThread;
  readonly #room: Room;
  #merged: number;
  #mergeWaiting: MergeWaiting[] = [];
  #failing: string | undefined;
  #upkeepTrouble: string | undefined;
  #cancelTick: () => void = () => undefined;
  #closing: Promise<void> | undefined;

  static async open(folder: StoreFolder, options: StoreOptions): Promise<SqliteStore> {
    const { file } = folder;
    const upkeep = { ...upkeepLimits, spooling: options.spool !== undefined, ...options.upkeep };
    // Answers come only after the first append, when the store is there to hear them.
    let store: SqliteStore | undefined;
    const onMessage = (message: Exclude<FromThread, CallDone>): void => store?.receive(message);
    const onLost = (why: string): void => store?.lose(why);
    const common = { clock: options.clock, onMessage, onLost };
    const writer: WriterThread = new Thread(threadFile('writer'), {
      workerData: { file, upkeep },
      // The rows of a turn are few.
      nurseryMb: 8,
      ...common,
    });
    const ready = await writer.ready();
    const reader: ReaderThread = new Thread(threadFile('reader'), {
      workerData: { file },
      // One answer may be made of a hundred thousand readings.
      nurseryMb: 16,
      ...common,
    });
    try {
      const series = new StoreSeriesIndex();
      for await (const rows of pages<SeriesRow>((last, limit) => reader.call('series', last?.id ?? 0, limit)))
        series.load(rows);
      const spool = await openSpool(options, writer, reader, ready);
      const room = await openRoom(options, reader);
      store = new SqliteStore({ folder, options, writer, reader, ready, series, spool, room });
      return store;
    } catch (error) {
      // A reader that cannot start must not leave a writer behind that holds the file.
      await Promise.allSettled([reader.close(), writer.close()]);
      throw error;
    }
  }

  private constructor({
    folder,
    options,
    writer,
    reader,
    ready,
    series,
    spool,
    room,
  }: {
    readonly folder: StoreFolder;
    readonly options: StoreOptions;
    readonly writer: WriterThread;
    readonly reader: ReaderThread;
    readonly ready: ReadyMessage;
    readonly series: StoreSeriesIndex;
    readonly spool: Spool | undefined;
    readonly room: Room;
  }) {
    this.#folder = folder;
    this.#room = room;
    this.#options = options;
    this.#writer = writer;
    this.#reader = reader;
    this.#merged = ready.merged;
    this.found = ready.found;
    this.isRestored = ready.isRestored;
    for (const sentence of ready.found) options.log.warn(sentence);
    const { clock, queueBytes = limits.ingestQueueBytes, lingerMs = 0 } = options;
    const budget = new Budget(queueBytes);
    this.journal = new StoreJournal({ writer, reader, series, ready, clock, lingerMs, budget, room, spool });
    this.follower =
      spool &&
      new StoreFollower(spool, {
        packJournal: (after, limit) => reader.call('packJournal', after, limit),
        seriesRows: (ids) => reader.call('seriesRows', ids),
      });
    this.history = historyPort(reader);
    const move = deviceMover({ series, writer, reader, flush: () => this.journal.flush() });
    const records = recordPorts({ writer, reader, budget, room, move });
    this.devices = records.devices;
    this.commands = records.commands;
    this.tokens = records.tokens;
    this.audit = records.audit;
    this.quarantine = records.quarantine;
    this.inbox = records.inbox;
    this.mappings = records.mappings;
    this.retention = records.retention;
    this.brokerState = records.brokerState;
    this.#tick();
  }

  async status(): Promise<StoreStatus> {
    const { file } = this.#folder;
    const failing = this.#failing ?? this.#room.refusal;
    return {
      bytes: databaseBytes(file),
      head: this.journal.head(),
      merged: this.#merged,
      series: this.journal.series.size,
      ...(failing !== undefined && { failing }),
      ...(this.#room.status !== undefined && { disk: this.#room.status }),
      ...(this.follower !== undefined && { spool: this.follower.spool() }),
    };
  }

  async merge(): Promise<void> {
    this.journal.flush();
    await this.#writer.call('merge');
    const offset = this.journal.head();
    if (this.#merged >= offset) return;
    await new Promise<void>((resolve, reject) => this.#mergeWaiting.push({ offset, resolve, reject }));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  receive(message: Exclude<FromThread, CallDone>): void {
    switch (message.kind) {
      case 'appended':
        this.#recovered();
        return this.journal.settle(message);
      case 'not-appended':
        this.#fail(message.why);
        return this.journal.settle(message);
      case 'dropped':
        return this.#options.counters.count('store_dropped', message.table, message.by);
      case 'moved':
        return this.#moved(message.merged, message.tail);
      case 'upkeep-failed':
        return this.#upkeepFailed(message.why);
    }
  }

  lose(why: string): void {
    this.#fail(`a thread of the store ended: ${why}`);
    this.#cancelTick();
    this.journal.abandon(why);
    this.#rejectMerges(why);
  }

  #tick(): void {
    const { clock } = this.#options;
    this.#writer.post({ kind: 'tick', nowMs: clock.monotonicMs(), wallMs: clock.nowUs() / 1000 });
    void this.#room.look();
    if (this.#failing !== undefined) this.#probe();
    this.#cancelTick = clock.after(tickMs, () => this.#tick());
  }

  /** Nobody may be sending: only a real commit tells that the disk takes one again. */
  #probe(): void {
    this.#writer.call('probe').then(
      () => this.#recovered(),
      (error: unknown) => this.#options.log.debug('The store still cannot write.', { error }),
    );
  }

  #fail(why: string): void {
    if (this.#failing === undefined)
      this.#options.log.error('Nothing can be stored now; senders are told to try again.', { why });
    this.#failing = why;
    this.#options.counters.count('store_failed', 'append');
  }

  #recovered(): void {
    if (this.#failing === undefined) return;
    this.#failing = undefined;
    this.#options.log.info('The store can write again.');
  }

  #moved(merged: number, tail: number): void {
    this.#merged = merged;
    this.#upkeepTrouble = undefined;
    this.journal.trimmedTo(tail);
    const done = this.#mergeWaiting.filter(({ offset }) => offset <= merged);
    this.#mergeWaiting = this.#mergeWaiting.filter(({ offset }) => offset > merged);
    for (const { resolve } of done) resolve();
  }

  #upkeepFailed(why: string): void {
    this.#options.counters.count('store_failed', 'upkeep');
    if (why !== this.#upkeepTrouble)
      this.#options.log.warn('The store could not merge or tidy up; it tries again every second.', { why });
    this.#upkeepTrouble = why;
    this.#rejectMerges(why);
  }

  #rejectMerges(why: string): void {
    for (const { reject } of this.#mergeWaiting.splice(0)) reject(new Error(`The merge failed: ${why}.`));
  }

  async #close(): Promise<void> {
    this.#cancelTick();
    this.journal.end();
    try {
      await this.#reader.close();
      await this.#writer.close();
    } finally {
      this.#folder.unlock();
    }
  }
}
