/**
 * How a request is refused: the codes of Engine.IO, and the answers over HTTP and before an upgrade.
 * The texts are those of npm `engine.io`, which clients and tests look at.
 */
import { STATUS_CODES } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

export const errors = {
  UNKNOWN_TRANSPORT: 0,
  UNKNOWN_SID: 1,
  BAD_HANDSHAKE_METHOD: 2,
  BAD_REQUEST: 3,
  FORBIDDEN: 4,
  UNSUPPORTED_PROTOCOL_VERSION: 5,
} as const;

export type ErrorCode = (typeof errors)[keyof typeof errors];

export const errorMessages: { readonly [code in ErrorCode]: string } = {
  0: 'Transport unknown',
  1: 'Session ID unknown',
  2: 'Bad handshake method',
  3: 'Bad request',
  4: 'Forbidden',
  5: 'Unsupported protocol version',
};

export type ErrorContext = Record<string, unknown> & { name?: string; message?: string | null | undefined };

export interface Refusal {
  readonly code: ErrorCode;
  readonly context: ErrorContext;
  /** Other than 400, or 403 for `FORBIDDEN`. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export function refuse(code: ErrorCode, context: ErrorContext = {}): Refusal {
  return { code, context };
}

function messageOf({ code, context }: Refusal): string {
  return code === errors.FORBIDDEN && context.message ? context.message : errorMessages[code];
}

/** Answers a request that is not taken. */
export function refuseRequest(response: ServerResponse, refusal: Refusal): void {
  if (response.headersSent || response.writableEnded) return;
  const status = refusal.status ?? (refusal.code === errors.FORBIDDEN ? 403 : 400);
  const body = JSON.stringify({ code: refusal.code, message: messageOf(refusal) });
  response.writeHead(status, { 'Content-Type': 'application/json', ...refusal.headers });
  response.end(body);
}

/** Answers an upgrade that is not taken, before it becomes a WebSocket. */
export function refuseUpgrade(socket: Duplex, refusal: Refusal): void {
  socket.on('error', ignoreReset);
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const status = refusal.status ?? 400;
  const body = refusal.context.message || messageOf(refusal);
  const extra = Object.entries(refusal.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-type: text/html\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n${extra.join('')}\r\n${body}`,
    () => socket.destroy(),
  );
}

// The peer has been refused: that it went away before it read so concerns nobody.
function ignoreReset(): void {}
