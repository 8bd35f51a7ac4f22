/**
 * The options of a server. Those of Socket.IO have its names and defaults; the others are off unless set.
 */
import type { Server as HttpServer } from 'node:http';
import type { Http2SecureServer, Http2Server } from 'node:http2';
import type { Server as HttpsServer } from 'node:https';
import type { AttachOptions, EngineOptions } from './engine/options.ts';
import type { ListenerErrorHook } from './listener-guard.ts';
import type { Parser } from './parser.ts';
import type { RecoveryOptions } from './recovery.ts';
import type { Untyped } from './typed-events.ts';

export type HttpServerLike = HttpServer | HttpsServer | Http2SecureServer | Http2Server;

/** A class, or a function that makes an adapter for a namespace. */
export type AdapterConstructor = (abstract new (nsp: Untyped) => object) | ((nsp: Untyped) => object);

/** Options of this layer. */
export interface SocketIoOptions {
  path: string;
  /** Whether the client bundles of `clientPath` are served under the path. */
  serveClient: boolean;
  /** The folder of the client bundles (`socket.io-client/dist`); the published package has its own. */
  clientPath: string;
  adapter: AdapterConstructor;
  parser: Parser;
  /** How long a client may stay without a namespace, in milliseconds. */
  connectTimeout: number;
  /** Sessions survive short disconnections; off unless set. */
  connectionStateRecovery: RecoveryOptions;
  /** Dynamic namespaces go with their last socket. */
  cleanupEmptyChildNamespaces: boolean;

  /** Told of errors of listeners, which then do not end the process. */
  onListenerError: ListenerErrorHook;
  /** What an acknowledgement is answered with when the listener failed; with `onListenerError` only. */
  failedAck: unknown;
  /** Volatile events are dropped above so many buffered bytes, instead of while the transport is busy. */
  volatileMaxBufferedBytes: number;
  /** Namespaces of one client. */
  maxNamespaces: number;
  /** After so many refused attempts to join a namespace the connection is closed. */
  maxRefusals: number;
  /** Rooms of one socket, its own not counted. */
  maxRooms: number;
  /** Attachments of one packet. */
  maxAttachments: number;
  /** Bytes of all attachments of one packet together. */
  maxAttachmentBytes: number;
  /** How long announced attachments may take, in milliseconds. */
  attachmentsTimeout: number;
}

/** All options of a server: those of the engine below are passed through. */
export type ServerOptions = SocketIoOptions & EngineOptions & AttachOptions;

export const defaultPath = '/socket.io';
export const defaultConnectTimeoutMs = 45_000;
