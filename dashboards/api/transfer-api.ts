/** The routes that take long: readings out of the hub and into it, and the list of devices in from a file. */
import type { Http } from './http.ts';

export type TransferFormat = 'csv' | 'line-protocol';

export interface Refusal {
  /** Within what was sent; the first is 1. */
  readonly row: number;
  readonly message: string;
}

export interface ImportedReadings {
  /** Readings that are on disk now. */
  readonly accepted: number;
  readonly rejectedCount: number;
  /** The first of them. */
  readonly rejected: readonly Refusal[];
}

export interface ImportedDevices {
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly rejected: readonly Refusal[];
}

export interface ExportQuery {
  readonly group: string;
  /** Absent: the whole group. */
  readonly device?: string | undefined;
  readonly format: TransferFormat;
  /** Epoch ms; absent: from the beginning. */
  readonly start?: number | undefined;
  /** Epoch ms; absent: to the end. */
  readonly end?: number | undefined;
}

/** The list of devices as a file, in the form that the import takes. */
export const devicesExport = (format: 'csv' | 'json'): string => `/api/v1/devices/export?format=${format}`;

export class TransferApi {
  readonly #http: Http;

  constructor(parts: { http: Http }) {
    this.#http = parts.http;
  }

  /** @throws {HttpProblem} */
  exportReadings({ group, device, format, start, end }: ExportQuery, signal: AbortSignal): Promise<Response> {
    const query = new URLSearchParams({ format });
    if (device !== undefined) query.set('devices', device);
    if (start !== undefined) query.set('start', new Date(start).toISOString());
    if (end !== undefined) query.set('end', new Date(end).toISOString());
    return this.#http.open(`/api/v1/groups/${encodeURIComponent(group)}/export?${query}`, signal);
  }

  /** @param piece whole lines @throws {HttpProblem} 429 and 503: send it again later */
  async importReadings(
    to: { readonly group: string; readonly format: TransferFormat; readonly precision: string },
    piece: string,
    signal: AbortSignal,
  ): Promise<ImportedReadings> {
    const { group, format, precision } = to;
    const path = `/api/v1/groups/${encodeURIComponent(group)}/import?${new URLSearchParams({ format, precision })}`;
    const type = format === 'csv' ? 'text/csv' : 'text/plain';
    return (await this.#http.postText(path, piece, type, signal)) as ImportedReadings;
  }

  /** @param rows CSV with its header, or a JSON array @throws {HttpProblem} */
  async importDevices(rows: string, format: 'csv' | 'json', signal: AbortSignal): Promise<ImportedDevices> {
    const type = format === 'csv' ? 'text/csv' : 'application/json';
    return (await this.#http.postText('/api/v1/devices/import', rows, type, signal)) as ImportedDevices;
  }
}
