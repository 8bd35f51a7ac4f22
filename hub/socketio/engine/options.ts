/** The options of the engine: those of npm `engine.io` 6.6 with their defaults, and ours. */
import type { IncomingMessage } from 'node:http';
import type { PerMessageDeflateOptions } from 'ws';
import type { HttpCompression } from './compression.ts';
import type { CookieOptions } from './cookie.ts';
import type { CorsOptions, CorsOptionsDelegate } from './cors.ts';
import type { EngineClock } from './heartbeat.ts';
import type { MessageData } from './packet.ts';
import type { WebSocketEngineConstructor } from './web-socket-engine.ts';

export type AllowRequest = (
  request: IncomingMessage,
  answer: (message: string | null | undefined, success: boolean) => void,
) => void;

export interface AttachOptions {
  /** The path to answer under; `/engine.io` if not said. */
  path?: string;
  /** End upgrade requests nobody answered; true if not said. */
  destroyUpgrade?: boolean;
  /** After how many milliseconds they are ended; 1000 if not said. */
  destroyUpgradeTimeout?: number;
  /** Answer under `path/`, not `path`; true if not said. */
  addTrailingSlash?: boolean;
}

/** What is to be the same as in npm `engine.io`. Durations are milliseconds, sizes bytes. */
export interface OfficialOptions {
  pingTimeout: number;
  pingInterval: number;
  upgradeTimeout: number;
  maxHttpBufferSize: number;
  allowRequest?: AllowRequest;
  transports: readonly ('polling' | 'websocket' | 'webtransport')[];
  allowUpgrades: boolean;
  perMessageDeflate?: boolean | PerMessageDeflateOptions;
  httpCompression?: boolean | HttpCompression;
  wsEngine?: WebSocketEngineConstructor;
  initialPacket?: MessageData;
  cookie?: boolean | CookieOptions;
  cors?: CorsOptions | CorsOptionsDelegate | boolean;
  /** Revision 3 is refused with code 5 in any case; with this, requests that do not say theirs are taken for 4. */
  allowEIO3?: boolean;
}

/** What the official server does not have. Each is off unless said otherwise. */
export interface OwnOptions {
  /** Origins that may connect, over WebSocket too; a request without an Origin header is not of a browser and passes. */
  allowOrigin?: AllowOrigin;
  /** At most this much waits for one client; then it is closed with 1013 and `slow consumer`. */
  maxBufferedBytes?: number;
  /** Above this, `highWater` is raised. */
  highWaterBytes?: number;
  /** At or below this again, `lowWater` is raised; 0 if not said. */
  lowWaterBytes?: number;
  /** Refuses handshakes with 503 before any other work. */
  admission?: Admission;
  /** What one client may send. */
  flood?: FloodLimits;
  /** Packets in one polling response; 16 if not said, for stock Python clients refuse more. */
  maxPacketsPerResponse?: number;
  /** How long the body of a polling request may take; 10 000 if not said, 0 for ever. */
  bodyTimeout?: number;
  /** Keep the whole first request of each session; if not said, only when middleware or `allowRequest` may have added to it. */
  keepRequest?: boolean;
  /** Limits of `ws` on the pieces of one message, and how long a closing handshake may take. */
  maxFragments?: number;
  maxBufferedChunks?: number;
  closeTimeout?: number;
  clock?: EngineClock;
}

/** A list to be found in, or a function; both see the header as it came. */
export type AllowOrigin =
  readonly (string | RegExp)[] | ((origin: string, request: IncomingMessage) => boolean);

/** A token bucket of handshakes, or a function that says after how many seconds to come back; 0 admits. */
export type Admission =
  | { readonly perSecond: number; readonly burst?: number; readonly retryAfterSeconds?: number }
  | ((request: IncomingMessage) => number);

export interface FloodLimits {
  readonly packetsPerSecond?: number;
  readonly bytesPerSecond?: number;
  readonly packetsPerPayload?: number;
}

export type EngineOptions = OfficialOptions & OwnOptions;
export type ServerOptions = Partial<EngineOptions>;

/** The official defaults under what was given; the result is what `engine.opts` shows. */
export function withDefaults(given: ServerOptions, wsEngine: WebSocketEngineConstructor): EngineOptions {
  const options: EngineOptions = {
    wsEngine,
    pingTimeout: 20_000,
    pingInterval: 25_000,
    upgradeTimeout: 10_000,
    maxHttpBufferSize: 1e6,
    transports: ['polling', 'websocket'],
    allowUpgrades: true,
    httpCompression: { threshold: 1024 },
    cors: false,
    allowEIO3: false,
    ...given,
  };
  if (options.cookie)
    options.cookie = { name: 'io', path: '/', httpOnly: true, sameSite: 'lax', ...cookieOf(options.cookie) };
  if (options.httpCompression)
    options.httpCompression = { threshold: 1024, ...objectOf(options.httpCompression) };
  if (options.perMessageDeflate)
    options.perMessageDeflate = { threshold: 1024, ...objectOf(options.perMessageDeflate) };
  return options;
}

function cookieOf(cookie: true | CookieOptions): CookieOptions {
  return cookie === true ? {} : cookie;
}

function objectOf<T extends object>(value: true | T): Partial<T> {
  return value === true ? {} : value;
}
