/**
 * One InfluxDB over HTTP: the paths and parameters of 1.x, 2.x and 3 Core behind a few plain verbs. Each promise is one
 * request with a deadline; nothing is buffered and nothing is tried again here.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { HttpError, InfluxDB } from '@influxdata/influxdb-client';
import { quoteName, tablesOf, type Table } from './influxql.ts';

/** Which API a database has: its major version. */
export type InfluxVersion = 1 | 2 | 3;

export interface InfluxTarget {
  readonly url: string;
  /** Absent: asked of the database. */
  readonly version?: InfluxVersion | undefined;
  /** 1.x: the database. */
  readonly bucket: string;
  readonly org?: string | undefined;
  readonly token?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** What a bucket that is created here keeps; absent: for ever. */
  readonly retentionSeconds?: number | undefined;
}

export interface FieldType {
  readonly measurement: string;
  readonly field: string;
  /** `float`, `integer`, `unsigned`, `string` or `boolean`. */
  readonly type: string;
}

const deadlineMs = 15_000;
const maxSockets = 4;
const gzipAboveBytes = 1024;

/** Lines as they cross the wire: a text, or what gzip made of it. */
export type Body = string | Uint8Array;

type Transport = InfluxDB['transport'];
type SendOptions = Parameters<Transport['send']>[2];
type Method = 'GET' | 'POST';

export class InfluxConnection {
  readonly #target: InfluxTarget;
  readonly #transport: Transport;
  readonly #agent: HttpAgent;
  readonly #deadlineMs: number;
  #version: InfluxVersion | undefined;

  /** @param deadline of one request in ms */
  constructor(target: InfluxTarget, deadline: number = deadlineMs) {
    const { url, token, username, password, version } = target;
    this.#target = target;
    this.#deadlineMs = deadline;
    this.#version = version;
    const agentOptions = { keepAlive: true, maxSockets };
    this.#agent = url.startsWith('https:') ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions);
    const basic = `Basic ${Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64')}`;
    const { transport } = new InfluxDB({
      url,
      ...(token !== undefined && { token }),
      ...(token === undefined && username !== undefined && { headers: { authorization: basic } }),
      timeout: deadline,
      transportOptions: { agent: this.#agent },
    });
    this.#transport = transport;
  }

  /** Known after the first `detect`. */
  get version(): InfluxVersion | undefined {
    return this.#version;
  }

  /** Asks once which version it is; databases that speak its protocol without saying so are taken for 2.x. */
  async detect(): Promise<InfluxVersion> {
    if (this.#version !== undefined) return this.#version;
    let version: unknown;
    await this.#request('GET', '/ping', '', (headers) => (version = headers['x-influxdb-version']));
    const major = typeof version === 'string' ? /^v?([123])\./.exec(version)?.[1] : undefined;
    this.#version = major === '1' ? 1 : major === '3' ? 3 : 2;
    return this.#version;
  }

  /** @param lines with timestamps in µs @throws {Error} what `judge` reads */
  async write(lines: Body): Promise<void> {
    const { bucket, org } = this.#target;
    const query =
      this.#version === 1
        ? `/write?${parametersOf({ db: bucket, precision: 'u' })}`
        : `/api/v2/write?${parametersOf({ bucket, org: org ?? '-', precision: 'us' })}`;
    await this.#request('POST', query, lines);
  }

  /** Makes the database of 1.x or the bucket of 2.x, unless it is there; 3 Core makes its own. @throws {HttpError} */
  async createBucket(): Promise<void> {
    if (this.#version === 1) return this.#createDatabase();
    if (this.#version === 2) return this.#createBucket();
  }

  /**
   * InfluxQL; times in µs. `POST` for what changes something.
   * @returns the tables of each statement @throws {HttpError | StatementError}
   */
  async query(statement: string, method: Method = 'GET'): Promise<readonly (readonly Table[])[]> {
    const parameters = parametersOf({ db: this.#target.bucket, q: statement, epoch: 'u' });
    return tablesOf(await this.#request(method, `/query?${parameters}`));
  }

  /** Every field and its types; a field has several if it changed its type between two shards of 1.x. */
  async fields(): Promise<readonly FieldType[]> {
    const [tables = []] = await this.query('SHOW FIELD KEYS');
    return tables.flatMap(({ name: measurement, values }) =>
      values.map(([field, type]) => ({ measurement, field: String(field), type: String(type) })),
    );
  }

  close(): void {
    this.#agent.destroy();
  }

  async #createDatabase(): Promise<void> {
    const { bucket, retentionSeconds } = this.#target;
    const duration = retentionSeconds === undefined ? '' : ` WITH DURATION ${retentionSeconds}s`;
    await this.query(`CREATE DATABASE ${quoteName(bucket)}${duration}`, 'POST');
  }

  async #createBucket(): Promise<void> {
    const { bucket: name, org, retentionSeconds: everySeconds } = this.#target;
    const { buckets = [] } = (await this.#find(
      `/api/v2/buckets?${parametersOf({ name, ...(org && { org }) })}`,
    )) as {
      readonly buckets?: readonly unknown[];
    };
    if (buckets.length > 0) return;
    const { orgs = [] } = (await this.#find(`/api/v2/orgs?${parametersOf({ ...(org && { org }) })}`)) as {
      readonly orgs?: readonly { readonly id: string }[];
    };
    const retentionRules = everySeconds === undefined ? [] : [{ type: 'expire', everySeconds }];
    const body = JSON.stringify({ orgID: orgs[0]?.id, name, retentionRules });
    await this.#request('POST', '/api/v2/buckets', body);
  }

  /** What is not found is an empty list: 2.x answers a name that it does not know with 404. */
  async #find(path: string): Promise<object> {
    try {
      return ((await this.#request('GET', path)) as object | undefined) ?? {};
    } catch (error) {
      if (error instanceof HttpError && error.statusCode === 404) return {};
      throw error;
    }
  }

  async #request(
    method: Method,
    path: string,
    body: Body = '',
    onHeaders?: (headers: Readonly<Record<string, unknown>>) => void,
  ): Promise<unknown> {
    // The client's own timeout leaves a dead connection in the agent: the signal takes it away.
    // One of our own, that goes with the answer: `AbortSignal.timeout` holds on to the body until its time is over.
    const controller = new AbortController();
    const late = new DOMException('InfluxDB did not answer in time.', 'TimeoutError');
    const deadline = setTimeout(() => controller.abort(late), this.#deadlineMs);
    const { signal } = controller;
    const isText = typeof body === 'string';
    const headers = {
      'content-type': isText && body.startsWith('{') ? 'application/json' : 'text/plain; charset=utf-8',
      ...(!isText && { 'content-encoding': 'gzip' }),
    };
    const options = { method, headers, signal };
    try {
      if (!isText) return await sendBytes(this.#transport, path, body, options);
      return await this.#transport.request(
        path,
        body,
        { ...options, gzipThreshold: gzipAboveBytes },
        onHeaders,
      );
    } finally {
      clearTimeout(deadline);
    }
  }
}

const compress = promisify(gzip);

/** Beforehand, so that no request waits for it, and quickly: lines are alike, the best that gzip can adds little. */
export async function packed(lines: string): Promise<Body> {
  if (lines.length < gzipAboveBytes) return lines;
  const bytes = new TextEncoder().encode(lines);
  const body = await compress(bytes, { level: constants.Z_BEST_SPEED });
  // Given back now: a database that catches up is sent thirty of these a second, and V8 sees none of their bytes.
  bytes.buffer.transfer(0);
  return body;
}

/** The client makes a text of what `request` is given. Its `send` takes bytes as well, although its types do not say so. */
function sendBytes(
  transport: Transport,
  path: string,
  bytes: Uint8Array,
  options: SendOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const listener = { next: () => true, error: reject, complete: () => resolve() };
    transport.send(path, bytes as unknown as string, options, listener);
  });
}

function parametersOf(parameters: Readonly<Record<string, string>>): string {
  return new URLSearchParams(parameters).toString();
}
