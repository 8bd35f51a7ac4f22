/**
 * Asks the hub that runs with a data folder, over HTTP and with the admin token of that folder: whoever can read the
 * folder may, and nobody else.
 */
import { readAddress, readAdminToken, type HubAddress } from './data-folder.ts';

const answerDeadlineMs = 5000;

export interface Question {
  readonly dataFolder: string;
  /** With its query. */
  readonly path: string;
  /** What is asked for, as it fits after "refused to". */
  readonly purpose: string;
}

/** A POST without a body. @throws {Error} a sentence for the person: no hub runs, it does not answer, or it refused */
export async function askHub(
  question: Question,
): Promise<{ readonly address: HubAddress; readonly answer: unknown }> {
  const init = { method: 'POST', signal: AbortSignal.timeout(answerDeadlineMs) };
  const { address, response } = await fetchFromHub(question, init);
  return { address, answer: await response.json() };
}

/** Any request, for answers that are read as they come. @throws {Error} as `askHub` */
export async function fetchFromHub(
  { dataFolder, path, purpose }: Question,
  init: RequestInit = {},
): Promise<{ readonly address: HubAddress; readonly response: Response }> {
  const address = readAddress(dataFolder);
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${readAdminToken(dataFolder)}`);
  const response = await fetch(`${address.url}${path}`, { ...init, headers }).catch((cause: unknown) => {
    throw new Error(`The hub at ${address.url} does not answer: is it running?`, { cause });
  });
  if (response.ok) return { address, response };
  throw new Error(`The hub refused to ${purpose}: ${response.status} ${await response.text()}`);
}
