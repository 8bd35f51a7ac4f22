/**
 * `npm run import` and `npm run export`: a file of any size into a group of the running hub, and out of it again. A
 * piece of the file at a time is in memory; what is told in between is how far it is.
 */
import { closeSync, createReadStream, openSync, statSync, writeSync } from 'node:fs';
import { PieceCutter, type Piece } from '#contract/formats/pieces.ts';
import { fetchFromHub, type Question } from './ask-hub.ts';

export type TransferFormat = 'line-protocol' | 'csv';

export interface Transfer {
  readonly dataFolder: string;
  readonly group: string;
  readonly file: string;
  /** For the person who waits. */
  readonly tell: (progress: string) => void;
  /** Of line protocol (default µs, as the export writes it). */
  readonly precision?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

const pieceBytes = 1024 * 1024;
const mostAttempts = 60;

export function formatOf(file: string): TransferFormat {
  return file.endsWith('.csv') ? 'csv' : 'line-protocol';
}

interface PieceAnswer {
  readonly accepted: number;
  readonly rejectedCount: number;
  readonly rejected: readonly { readonly row: number; readonly message: string }[];
}

export interface Imported {
  readonly accepted: number;
  readonly rejected: number;
}

export interface ImportOutcome {
  readonly text: string;
  readonly exitCode: 0 | 2;
}

/** Resumable: what is sent twice is recognised by its time. @throws {Error} a sentence for the person */
export async function importFile(transfer: Transfer): Promise<Imported> {
  const { file, tell, signal } = transfer;
  const { size } = statSync(file);
  let [accepted, rejected] = [0, 0];
  for await (const { piece, bytes } of piecesOf(file)) {
    signal?.throwIfAborted();
    const answer = await sendPiece(transfer, piece.text);
    accepted += answer.accepted;
    rejected += answer.rejectedCount;
    const [first] = answer.rejected;
    if (first !== undefined) tell(`line ${first.row + piece.rowsBefore}: ${first.message}`);
    tell(`${Math.floor((bytes / size) * 100)} %: ${accepted} readings, ${rejected} refused`);
  }
  return { accepted, rejected };
}

/** What a script goes by: 0 all of it is stored, 2 a part of it. @throws {Error} nothing of it could be stored: 1 */
export function importOutcome({ accepted, rejected }: Imported, { file, group }: Transfer): ImportOutcome {
  if (rejected === 0) return { text: `Imported ${accepted} readings into ${group}.`, exitCode: 0 };
  if (accepted === 0)
    throw new Error(`Nothing was imported: everything in ${file} was refused (${rejected}).`);
  return { text: `Imported ${accepted} readings into ${group}; refused: ${rejected}.`, exitCode: 2 };
}

/** @returns the bytes written @throws {Error} a sentence for the person */
export async function exportFile({ dataFolder, group, file, tell, signal }: Transfer): Promise<number> {
  const path = `/api/v1/groups/${encodeURIComponent(group)}/export?format=${formatOf(file)}`;
  const question = { dataFolder, path, purpose: 'export' };
  const { response } = await fetchFromHub(question, signal === undefined ? {} : { signal });
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    let [bytes, told] = [0, 0];
    for await (const chunk of response.body ?? []) {
      bytes += writeSync(descriptor, chunk as Uint8Array);
      if (bytes - told < 10 * pieceBytes) continue;
      tell(`${Math.floor(bytes / pieceBytes)} MiB`);
      told = bytes;
    }
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}

/** With how many bytes of the file were read so far. */
async function* piecesOf(file: string): AsyncGenerator<{ readonly piece: Piece; readonly bytes: number }> {
  const cutter = new PieceCutter(formatOf(file) === 'csv');
  const decoder = new TextDecoder();
  let bytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: pieceBytes })) {
    bytes += (chunk as Buffer).length;
    const piece = cutter.add(decoder.decode(chunk as Buffer, { stream: true }));
    if (piece !== undefined) yield { piece, bytes };
  }
  const last = cutter.end();
  if (last !== undefined) yield { piece: last, bytes };
}

/** Told to come again, it does; told that it cannot be, it ends. */
async function sendPiece(transfer: Transfer, body: string): Promise<PieceAnswer> {
  const { dataFolder, group, file, precision = 'us', signal, tell } = transfer;
  const format = formatOf(file);
  const path = `/api/v1/groups/${encodeURIComponent(group)}/import?format=${format}&precision=${precision}`;
  const question: Question = { dataFolder, path, purpose: 'import' };
  const headers = { 'content-type': format === 'csv' ? 'text/csv' : 'text/plain' };
  for (let attempt = 1; ; attempt += 1)
    try {
      const init = { method: 'POST', body, headers, ...(signal !== undefined && { signal }) };
      const { response } = await fetchFromHub(question, init);
      return (await response.json()) as PieceAnswer;
    } catch (error) {
      const isBusy = error instanceof Error && /: (?:429|503) /.test(error.message);
      if (!isBusy || attempt >= mostAttempts) throw error;
      tell('the hub is busy; trying again');
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
}
