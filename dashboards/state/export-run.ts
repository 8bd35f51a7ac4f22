/**
 * Readings out of the hub into a file, as they come: the hub streams series by series in the order of ids, so the last
 * line says how far it is. The browser keeps what came outside of the page's own memory.
 */
import type { DeviceInfo } from '#contract/device.ts';
import { HttpProblem } from '../api/http.ts';
import type { ExportQuery, TransferApi } from '../api/transfer-api.ts';
import type { Timing } from '../connection/socket-like.ts';
import { placeOf } from '../format/exported-line.ts';
import { WorkError } from './works.ts';
import type { Language } from './language.ts';
import type { Told } from './works.ts';

/** A hub that says nothing for so long does not answer any more. */
const silenceMs = 60_000;
const tellMs = 200;
/** So much is put into one blob: then the browser may move it to disk. */
const partBytes = 4 * 1024 * 1024;
/** Beyond it the command of the hub is the better way. */
const mostBytes = 1024 ** 3;

export interface ExportParts {
  readonly api: Pick<TransferApi, 'exportReadings'>;
  readonly timing: Timing;
  readonly query: ExportQuery;
  /** Whose series are expected, as far as they are known. */
  readonly devices: readonly Pick<DeviceInfo, 'device' | 'metrics'>[];
  readonly tell: (told: Told) => void;
  readonly signal: AbortSignal;
}

/** @throws {HttpProblem} with what the hub says @throws {WorkError} it is too large for a browser */
export async function exportReadings(parts: ExportParts): Promise<Blob> {
  const { api, query, timing, tell } = parts;
  const silence = new Silence(timing);
  const progress = new Progress(parts.devices, query, timing.now());
  const kept = new Kept();
  let toldAt = 0;
  try {
    silence.broken();
    const { body } = await api.exportReadings(query, AbortSignal.any([parts.signal, silence.signal]));
    for await (const chunk of chunksOf(body)) {
      silence.broken();
      kept.add(chunk);
      if (timing.now() - toldAt < tellMs) continue;
      toldAt = timing.now();
      const { bytes } = kept;
      tell({ done: progress.at(chunk), words: (language) => sizeWords(language, bytes) });
    }
  } catch (cause) {
    if (cause instanceof HttpProblem || cause instanceof WorkError) throw cause;
    throw new HttpProblem(0, 'unreachable', 'The hub broke off, or said nothing for a minute.', { cause });
  } finally {
    silence.close();
  }
  tell({ done: 1, words: (language) => sizeWords(language, kept.bytes) });
  return kept.whole(query.format === 'csv' ? 'text/csv' : 'text/plain');
}

function sizeWords(language: Language, bytes: number): string {
  const { text, unit } = language.values.bytes(bytes);
  return `${text} ${unit}`;
}

/** Not every browser lets a stream be iterated. */
async function* chunksOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = body?.getReader();
  for (;;) {
    const { value } = (await reader?.read()) ?? {};
    if (value === undefined) return;
    yield value;
  }
}

/** What came so far, as blobs that the browser may keep on disk. */
class Kept {
  bytes = 0;
  #blobs: Blob[] = [];
  #chunks: Uint8Array<ArrayBuffer>[] = [];
  #chunkBytes = 0;

  /** @throws {WorkError} */
  add(chunk: Uint8Array<ArrayBuffer>): void {
    this.bytes += chunk.length;
    if (this.bytes > mostBytes)
      throw new WorkError('too-large', 'More than 1 GiB: `npm run export` writes it on the hub’s machine.');
    this.#chunks.push(chunk);
    this.#chunkBytes += chunk.length;
    if (this.#chunkBytes < partBytes) return;
    this.#blobs.push(new Blob(this.#chunks));
    [this.#chunks, this.#chunkBytes] = [[], 0];
  }

  whole(type: string): Blob {
    return new Blob([...this.#blobs, ...this.#chunks], { type });
  }
}

/** Aborts when nothing was heard for too long. */
class Silence {
  readonly #controller = new AbortController();
  readonly #timing: Timing;
  #cancel: () => void = () => undefined;

  constructor(timing: Timing) {
    this.#timing = timing;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  broken(): void {
    this.#cancel();
    this.#cancel = this.#timing.after(silenceMs, () => this.#controller.abort());
  }

  close(): void {
    this.#cancel();
  }
}

class Progress {
  /** Where in the order of the export each series is. */
  readonly #order: ReadonlyMap<string, number>;
  readonly #query: ExportQuery;
  readonly #nowMs: number;
  readonly #decoder = new TextDecoder();
  #current = '';
  #beginsMs = 0;
  #done: number | undefined;

  constructor(devices: ExportParts['devices'], query: ExportQuery, nowMs: number) {
    const inOrder = devices.toSorted((a, b) => (a.device < b.device ? -1 : 1));
    const names = inOrder.flatMap(({ device, metrics }) =>
      metrics.map(({ metric }) => `${device} ${metric}`),
    );
    this.#order = new Map(names.map((name, index) => [name, index]));
    this.#query = query;
    this.#nowMs = nowMs;
  }

  /** Share of the series that are behind, and of the time of the one at hand. Never goes back. */
  at(chunk: Uint8Array): number | undefined {
    const lines = this.#decoder.decode(chunk.subarray(-4096)).split(/\r?\n/);
    const place = placeOf(lines.at(-2) ?? '', this.#query.format);
    const index = place && this.#order.get(`${place.device} ${place.metric}`);
    if (place === undefined || index === undefined) return this.#done;
    const name = `${place.device} ${place.metric}`;
    if (name !== this.#current) [this.#current, this.#beginsMs] = [name, this.#query.start ?? place.timeMs];
    const spanMs = (this.#query.end ?? this.#nowMs) - this.#beginsMs;
    const within = spanMs > 0 ? Math.min(1, Math.max(0, (place.timeMs - this.#beginsMs) / spanMs)) : 0;
    this.#done = Math.max(this.#done ?? 0, (index + within) / this.#order.size);
    return this.#done;
  }
}
