/**
 * Answers long questions about history, each on a connection of its own: it sees one instant from its first step to its
 * last, while others see what came since. One connection stays open, the others go when nobody needs them.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { RangeQuery } from '#ports';
import { openForReading } from './database.ts';
import { HistoryReader, type HistorySteps } from './history-reader.ts';

interface Desk {
  readonly database: DatabaseSync;
  readonly reader: HistoryReader;
}

export class HistoryReaders {
  readonly #file: string;
  #idle: Desk | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  *answer(group: string, query: RangeQuery): HistorySteps {
    const desk = this.#idle ?? this.#open();
    this.#idle = undefined;
    try {
      return yield* desk.reader.answer(group, query);
    } finally {
      if (this.#idle === undefined) this.#idle = desk;
      else desk.database.close();
    }
  }

  /** Of those that answer nothing. */
  close(): void {
    this.#idle?.database.close();
    this.#idle = undefined;
  }

  #open(): Desk {
    const database = openForReading(this.#file);
    return { database, reader: new HistoryReader(database) };
  }
}
