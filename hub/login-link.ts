/**
 * A link that opens the dashboards (24 h, single use): asked of the running hub over HTTP with the admin token of its
 * data folder, so that whoever can read that folder can log in, and nobody else.
 */
import { readAddress, readAdminToken } from './data-folder.ts';

const answerDeadlineMs = 5000;

export interface LoginLinkRequest {
  readonly dataFolder: string;
  /** Where people find the hub, when that is not where it listens. */
  readonly url?: string | undefined;
}

/** @throws {Error} a sentence for the person: no hub runs with this folder, it does not answer, or it refused */
export async function makeLoginLink({ dataFolder, url }: LoginLinkRequest): Promise<string> {
  const address = readAddress(dataFolder);
  const response = await fetch(`${address.url}/api/v1/login-codes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${readAdminToken(dataFolder)}` },
    signal: AbortSignal.timeout(answerDeadlineMs),
  }).catch((cause: unknown) => {
    throw new Error(`The hub at ${address.url} does not answer: is it running?`, { cause });
  });
  if (!response.ok)
    throw new Error(`The hub refused to make a login link: ${response.status} ${await response.text()}`);
  const { code } = (await response.json()) as { code: string };
  const base = url ?? address.publicUrl ?? address.url;
  return `${base.replace(/\/$/, '')}/#login=${code}`;
}
