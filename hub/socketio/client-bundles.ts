/**
 * Serves the browser bundles of the client under the server's path: eight exact names and nothing else.
 * They come from a folder the application names, or from the one beside the published package.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { acceptedEncoding } from './engine/compression.ts';
import { cors as makeCors } from './engine/cors.ts';
import type { Middleware } from './engine/middleware.ts';
import type { HttpServerLike, ServerOptions } from './options.ts';
import type { Untyped } from './typed-events.ts';

const bundles: ReadonlySet<string> = new Set(
  ['.js', '.min.js', '.esm.min.js', '.msgpack.min.js'].flatMap((end) => [
    `socket.io${end}`,
    `socket.io${end}.map`,
  ]),
);

const compressors = { br: brotliCompressSync, gzip: gzipSync, deflate: deflateSync } as const;
type Encoding = keyof typeof compressors;
const encodings: readonly Encoding[] = ['br', 'gzip', 'deflate'];

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** The client that the published package brings; the sources bring none. */
export function shippedClientPath(): string | undefined {
  const folder = join(import.meta.dirname, 'client', 'dist');
  return existsSync(folder) ? folder : undefined;
}

export interface ClientBundlesParts {
  /** `socket.io-client/dist`, with `package.json` beside it for the version. */
  readonly folder: string;
  readonly path: string;
  readonly cors: ServerOptions['cors'];
}

export class ClientBundles {
  readonly #folder: string;
  readonly #prefix: string;
  readonly #cors: Middleware | undefined;
  readonly #etag: string;
  readonly #bodies = new Map<string, Buffer>();

  /** @throws {Error} the folder is no release of the client */
  constructor({ folder, path, cors }: ClientBundlesParts) {
    this.#folder = folder;
    this.#prefix = `${path}/`;
    this.#cors = cors ? makeCors(cors) : undefined;
    const manifest = JSON.parse(readFileSync(join(folder, '..', 'package.json'), 'utf8')) as {
      version: string;
    };
    this.#etag = `"${manifest.version}"`;
  }

  /** Answers requests for bundles; all others go to the listeners that were there before. */
  attach(server: HttpServerLike): void {
    const others = server.listeners('request').slice() as Handler[];
    server.removeAllListeners('request');
    (server as Untyped).on('request', (request: IncomingMessage, response: ServerResponse) => {
      const name = this.#nameIn(request.url ?? '');
      if (name === undefined) {
        for (const other of others) other.call(server, request, response);
        return;
      }
      if (this.#cors === undefined) this.#serve(name, request, response);
      else this.#cors(request, response, () => this.#serve(name, request, response));
    });
  }

  #nameIn(url: string): string | undefined {
    const end = url.indexOf('?');
    const path = end === -1 ? url : url.slice(0, end);
    if (!path.startsWith(this.#prefix)) return undefined;
    const name = path.slice(this.#prefix.length);
    return bundles.has(name) ? name : undefined;
  }

  #serve(name: string, request: IncomingMessage, response: ServerResponse): void {
    const { 'if-none-match': known } = request.headers;
    if (known === this.#etag || known === `W/${this.#etag}`) {
      response.writeHead(304).end();
      return;
    }
    const isMap = name.endsWith('.map');
    response.setHeader('Cache-Control', 'public, max-age=0');
    response.setHeader('Content-Type', `application/${isMap ? 'json' : 'javascript'}; charset=utf-8`);
    response.setHeader('ETag', this.#etag);
    const encoding = acceptedEncoding(request, encodings);
    if (encoding !== undefined) response.setHeader('Content-Encoding', encoding);
    response.setHeader('Vary', 'Accept-Encoding');
    response.writeHead(200).end(this.#body(name, encoding));
  }

  /** Read and compressed at the first request, then kept: there are only so many. */
  #body(name: string, encoding: Encoding | undefined): Buffer {
    const key = `${name} ${encoding ?? ''}`;
    let body = this.#bodies.get(key);
    if (body === undefined) {
      const plain =
        encoding === undefined ? readFileSync(join(this.#folder, name)) : this.#body(name, undefined);
      body = encoding === undefined ? plain : compressors[encoding](plain);
      this.#bodies.set(key, body);
    }
    return body;
  }
}
