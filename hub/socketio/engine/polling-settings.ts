/** What polling transports take from the options of their engine. */
import type { HttpCompression } from './compression.ts';
import type { EngineClock } from './heartbeat.ts';
import type { EngineOptions } from './options.ts';
import { BodyReader } from './request-body.ts';
import type { WriteBatch } from './write-batch.ts';
import type { EngineRequest } from './transport.ts';

export type ResponseHeaders = Record<string, string | string[] | number>;

/** Lets the engine and its users add headers to a response. */
export type AddHeaders = (headers: ResponseHeaders, request: EngineRequest, sid: string) => void;

export interface PollingSettings {
  readonly bodies: BodyReader;
  readonly batch: WriteBatch;
  readonly maxPacketsPerPayload: number;
  readonly maxPacketsPerResponse: number;
  readonly compression: HttpCompression | undefined;
  readonly addHeaders: AddHeaders;
}

export function pollingSettings(
  options: EngineOptions,
  engine: { readonly clock: EngineClock; readonly batch: WriteBatch; readonly addHeaders: AddHeaders },
): PollingSettings {
  const { clock, batch, addHeaders } = engine;
  return {
    batch,
    bodies: new BodyReader(
      { maxBytes: options.maxHttpBufferSize, timeoutMs: options.bodyTimeout ?? 10_000 },
      clock,
    ),
    maxPacketsPerPayload: options.flood?.packetsPerPayload ?? Infinity,
    // Stock Python clients refuse a response with more.
    maxPacketsPerResponse: options.maxPacketsPerResponse ?? 16,
    compression: typeof options.httpCompression === 'object' ? options.httpCompression : undefined,
    addHeaders,
  };
}
