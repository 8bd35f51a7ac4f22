/**
 * A link that opens the dashboards (24 h, single use): asked of the running hub over HTTP with the admin token of its
 * data folder, so that whoever can read that folder can log in, and nobody else.
 */
import { askHub } from './ask-hub.ts';

export interface LoginLinkRequest {
  readonly dataFolder: string;
  /** Where people find the hub, when that is not where it listens. */
  readonly url?: string | undefined;
}

/** @throws {Error} a sentence for the person: no hub runs with this folder, it does not answer, or it refused */
export async function makeLoginLink({ dataFolder, url }: LoginLinkRequest): Promise<string> {
  const question = { dataFolder, path: '/api/v1/login-codes', purpose: 'make a login link' };
  const { address, answer } = await askHub(question);
  const { code } = answer as { readonly code: string };
  const base = url ?? address.publicUrl ?? address.url;
  return `${base.replace(/\/$/, '')}/#login=${code}`;
}
