/** Ids nobody can guess: 20 characters of base64url, a length that balancers and adapters rely on. */
import { randomBytes } from 'node:crypto';

const bytes = 15;

export function randomId(): string {
  return randomBytes(bytes).toString('base64url');
}
