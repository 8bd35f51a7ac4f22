/** The fleet's gateway token: made once per data folder, kept 0600, made anew when the hub knows it no more. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HubApi } from './hub-api.ts';

interface Stored {
  readonly id: string;
  readonly secret: string;
}

export async function fleetToken(
  api: HubApi,
  dataFolder: string,
  groups: readonly string[],
): Promise<string> {
  const file = join(dataFolder, 'demo-token.json');
  const stored = readStored(file);
  if (stored !== undefined && (await isValid(api, stored.id, groups))) return stored.secret;
  const { secret, info } = await api.createToken('simulated fleet', 'gateway', groups);
  writeFileSync(file, JSON.stringify({ id: info.id, secret } satisfies Stored), { mode: 0o600 });
  // The mode above counts only for a new file.
  chmodSync(file, 0o600);
  return secret;
}

async function isValid(api: HubApi, id: string, groups: readonly string[]): Promise<boolean> {
  const info = (await api.tokens()).find((token) => token.id === id);
  if (info === undefined || info.revokedAt !== undefined) return false;
  if (info.expiresAt !== undefined && info.expiresAt < Date.now()) return false;
  return info.groups === '*' || groups.every((group) => info.groups.includes(group));
}

function readStored(file: string): Stored | undefined {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Partial<Stored>;
    return typeof value.id === 'string' && typeof value.secret === 'string'
      ? { id: value.id, secret: value.secret }
      : undefined;
  } catch {
    return undefined;
  }
}
