/** Turns what stopped the start into the one sentence an operator reads. Pure. */

interface SystemError extends Error {
  readonly code: string;
  readonly address?: string;
  readonly port?: number;
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && typeof (error as Partial<SystemError>).code === 'string';
}

export function startProblem(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isSystemError(error)) {
    const place = `${error.address ?? 'this machine'} port ${error.port ?? '?'}`;
    if (error.code === 'EADDRINUSE')
      return `${place} is taken: stop what uses it, or choose another with --http-port or --mqtt-port.`;
    if (error.code === 'EACCES' && error.port !== undefined)
      return `${place} is not allowed for this user: choose one above 1023.`;
    if (error.code === 'EADDRNOTAVAIL') return `${place} is not an address of this machine.`;
  }
  return error.message;
}
