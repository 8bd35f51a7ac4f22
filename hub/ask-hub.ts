/**
 * Asks the hub that runs with a data folder, over HTTP and with the admin token of that folder: whoever can read the
 * folder may, and nobody else.
 */
import { readAddress, readAdminToken, type HubAddress } from './data-folder.ts';

const answerDeadlineMs = 5000;

export interface Question {
  readonly dataFolder: string;
  readonly path: string;
  /** What is asked for, as it fits after "refused to". */
  readonly purpose: string;
}

/** A POST without a body. @throws {Error} a sentence for the person: no hub runs, it does not answer, or it refused */
export async function askHub({
  dataFolder,
  path,
  purpose,
}: Question): Promise<{ readonly address: HubAddress; readonly answer: unknown }> {
  const address = readAddress(dataFolder);
  const response = await fetch(`${address.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${readAdminToken(dataFolder)}` },
    signal: AbortSignal.timeout(answerDeadlineMs),
  }).catch((cause: unknown) => {
    throw new Error(`The hub at ${address.url} does not answer: is it running?`, { cause });
  });
  if (!response.ok)
    throw new Error(`The hub refused to ${purpose}: ${response.status} ${await response.text()}`);
  return { address, answer: await response.json() };
}
