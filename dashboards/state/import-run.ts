/**
 * Files into the hub, piece by piece, each answered when it is on disk: so it can be watched, stopped and begun again.
 * What is sent twice is recognised by its time, or changes nothing.
 */
import { PieceCutter, type Piece } from '#contract/formats/pieces.ts';
import { HttpProblem } from '../api/http.ts';
import type { Refusal, TransferApi, TransferFormat } from '../api/transfer-api.ts';
import type { Timing } from '../connection/socket-like.ts';
import type { Language } from './language.ts';
import { WorkError } from './works.ts';
import type { Told } from './works.ts';

const readBytes = 512 * 1024;
const rowsAtOnce = 250;
const linesTold = 20;
const mostAttempts = 60;
const busyMs = 1000;

/** What this needs of a `File`. */
export type SourceFile = Pick<File, 'name' | 'size' | 'slice'>;

export interface ImportParts {
  readonly api: Pick<TransferApi, 'importReadings' | 'importDevices'>;
  readonly timing: Pick<Timing, 'after'>;
  readonly file: SourceFile;
  readonly tell: (told: Told) => void;
  readonly signal: AbortSignal;
}

export function formatOf(name: string): TransferFormat {
  return /\.csv$/i.test(name) ? 'csv' : 'line-protocol';
}

/** @throws {HttpProblem} with what the hub says @throws {FormatError} it is no file of lines */
export async function importReadings(
  { api, timing, file, tell, signal }: ImportParts,
  to: { readonly group: string; readonly precision: string },
): Promise<void> {
  const format = formatOf(file.name);
  let [accepted, rejected] = [0, 0];
  const refusals = new Refusals();
  for await (const { piece, done } of piecesOf(file, format === 'csv')) {
    const answer = await untilTaken(timing, signal, () =>
      api.importReadings({ ...to, format }, piece.text, signal),
    );
    accepted += answer.accepted;
    rejected += answer.rejectedCount;
    refusals.add(answer.rejected, piece.rowsBefore);
    const counts = { accepted, rejected };
    tell({ done, lines: refusals.lines, words: (language) => readingsWords(language, counts) });
  }
}

function readingsWords(language: Language, counts: { accepted: number; rejected: number }): string {
  return language.t('work.imported', {
    accepted: language.values.number(counts.accepted, 0),
    rejected: language.values.number(counts.rejected, 0),
  });
}

/** @throws {HttpProblem} with what the hub says @throws {WorkError} it holds no rows */
export async function importDevices({ api, timing, file, tell, signal }: ImportParts): Promise<void> {
  const format = formatOf(file.name) === 'csv' ? 'csv' : 'json';
  let counts = { created: 0, changed: 0, unchanged: 0, rejected: 0 };
  const refusals = new Refusals();
  const pieces = format === 'csv' ? piecesOf(file, true) : rowsOf(file);
  for await (const { piece, done } of pieces) {
    const answer = await untilTaken(timing, signal, () => api.importDevices(piece.text, format, signal));
    counts = {
      created: counts.created + answer.created,
      changed: counts.changed + answer.changed,
      unchanged: counts.unchanged + answer.unchanged,
      rejected: counts.rejected + answer.rejected.length,
    };
    refusals.add(answer.rejected, piece.rowsBefore);
    const now = counts;
    tell({ done, lines: refusals.lines, words: (language) => language.t('work.importedDevices', now) });
  }
}

class Refusals {
  lines: readonly string[] = [];

  add(refused: readonly Refusal[], rowsBefore: number): void {
    const room = linesTold - this.lines.length;
    const more = refused.slice(0, room).map(({ row, message }) => `${row + rowsBefore}: ${message}`);
    this.lines = [...this.lines, ...more];
  }
}

interface Part {
  readonly piece: Piece;
  /** Share of the file that was read, 0 to 1. */
  readonly done: number;
}

async function* piecesOf(file: SourceFile, isCsv: boolean): AsyncGenerator<Part> {
  const cutter = new PieceCutter(isCsv);
  const decoder = new TextDecoder();
  for (let at = 0; at < file.size; at += readBytes) {
    const bytes = await file.slice(at, at + readBytes).arrayBuffer();
    const piece = cutter.add(decoder.decode(bytes, { stream: true }));
    if (piece !== undefined) yield { piece, done: Math.min(1, (at + readBytes) / file.size) };
  }
  const piece = cutter.end();
  if (piece !== undefined) yield { piece, done: 1 };
}

/** A JSON array in arrays of fewer rows. */
async function* rowsOf(file: SourceFile): AsyncGenerator<Part> {
  const rows = parseRows(await file.slice(0, file.size).text());
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    const text = JSON.stringify(rows.slice(at, at + rowsAtOnce));
    yield { piece: { text, rowsBefore: at }, done: Math.min(1, (at + rowsAtOnce) / rows.length) };
  }
}

function parseRows(text: string): readonly unknown[] {
  let rows: unknown;
  try {
    rows = JSON.parse(text);
  } catch (cause) {
    throw new WorkError('not-rows', 'The file is not valid JSON.', { cause });
  }
  if (!Array.isArray(rows)) throw new WorkError('not-rows', 'The file is no JSON array of rows.');
  return rows as readonly unknown[];
}

/** Told to come again, it does; told that it cannot be, it ends. */
async function untilTaken<Answer>(
  timing: Pick<Timing, 'after'>,
  signal: AbortSignal,
  send: () => Promise<Answer>,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await send();
    } catch (error) {
      const isBusy = error instanceof HttpProblem && [429, 503].includes(error.status);
      if (!isBusy || attempt >= mostAttempts) throw error;
      await new Promise<void>((resolve) => timing.after(busyMs, resolve));
    }
  }
}
