/** The hub as its HTTP API shows it to the demo: tokens, login codes, status, history; every call with a deadline. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Role, TokenInfo } from '#contract/access.ts';
import type { HubStatus } from '#contract/status.ts';
import type { HistoryAnswer } from '#contract/view.ts';
import { DemoError } from './child.ts';

const callTimeoutMs = 10_000;

/** Makes the folder, or finds it; the hub itself proves that it can be written. @throws {DemoError} */
export function prepareDataFolder(dataFolder: string): void {
  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new DemoError(`The data folder ${dataFolder} cannot be made: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

/** What `<data>/hub.json` says of a running hub. */
export interface HubAddress {
  readonly pid: number;
  readonly url: string;
  readonly mqtt: string;
}

/** Undefined: no hub has announced itself in this folder. */
export function readHubAddress(dataFolder: string): HubAddress | undefined {
  try {
    return JSON.parse(readFileSync(join(dataFolder, 'hub.json'), 'utf8')) as HubAddress;
  } catch {
    return undefined;
  }
}

/** @throws {DemoError} */
export function readAdminToken(dataFolder: string): string {
  const file = join(dataFolder, 'admin-token');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new DemoError(`The hub's admin token ${file} cannot be read.`, { cause: error });
  }
}

/** Does it answer, and is it ready to take readings? */
export async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

export interface CreatedToken {
  readonly secret: string;
  readonly info: TokenInfo;
}

export class HubApi {
  readonly #url: string;
  readonly #token: string;

  constructor(parts: { readonly url: string; readonly token: string }) {
    this.#url = parts.url;
    this.#token = parts.token;
  }

  async createToken(name: string, role: Role, groups: readonly string[]): Promise<CreatedToken> {
    return (await this.#call('POST', '/api/v1/tokens', { name, role, groups })) as CreatedToken;
  }

  async tokens(): Promise<readonly TokenInfo[]> {
    const answer = (await this.#call('GET', '/api/v1/tokens')) as { readonly items: readonly TokenInfo[] };
    return answer.items;
  }

  async revokeToken(id: string): Promise<void> {
    await this.#call('DELETE', `/api/v1/tokens/${encodeURIComponent(id)}`);
  }

  async createLoginCode(): Promise<string> {
    return ((await this.#call('POST', '/api/v1/login-codes')) as { readonly code: string }).code;
  }

  async status(): Promise<HubStatus> {
    return (await this.#call('GET', '/api/v1/status')) as HubStatus;
  }

  /** One device's buckets of `windowMs`; a device that the hub does not know has none. */
  async history(
    group: string,
    device: string,
    query: {
      readonly start: number;
      readonly end: number;
      readonly window: number;
      readonly metrics: string;
    },
  ): Promise<HistoryAnswer> {
    const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
    const path = `/api/v1/groups/${group}/devices/${device}/history?${search}`;
    try {
      return (await this.#call('GET', path)) as HistoryAnswer;
    } catch (error) {
      if (error instanceof DemoError && error.status === 404) return { series: [], truncated: false };
      throw error;
    }
  }

  /** @throws {DemoError} the hub said no, or nothing */
  async #call(method: string, path: string, body?: object): Promise<unknown> {
    const what = `${method} ${path.split('?')[0]}`;
    let response: Response;
    try {
      response = await fetch(`${this.#url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${this.#token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(callTimeoutMs),
      });
    } catch (error) {
      throw new DemoError(`The hub did not answer ${what}.`, { cause: error });
    }
    const text = await response.text();
    if (!response.ok)
      throw new DemoError(`The hub answered ${what} with ${response.status}: ${text.slice(0, 200)}`, {
        status: response.status,
      });
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  }
}
