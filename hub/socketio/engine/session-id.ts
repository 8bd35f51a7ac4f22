/** The id of a new session, however it is made. */

/** Calls one of the two with what `generate` returns, or with what became of its promise. */
export function obtainId(
  generate: () => string | PromiseLike<string>,
  done: (id: string) => void,
  failed: (error: unknown) => void,
): void {
  let id: string | PromiseLike<string>;
  try {
    id = generate();
  } catch (error) {
    return failed(error);
  }
  if (typeof id === 'string') done(id);
  else void settle(id, done, failed);
}

async function settle(
  promised: PromiseLike<string>,
  done: (id: string) => void,
  failed: (error: unknown) => void,
): Promise<void> {
  let id: string;
  try {
    id = await promised;
  } catch (error) {
    return failed(error);
  }
  done(id);
}
