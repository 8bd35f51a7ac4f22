/** Waits until something holds, looking again after each turn of the event loop, with a deadline. */
export async function eventually<T>(look: () => T | undefined | false, deadlineMs = 8000): Promise<T> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > endMs) throw new Error('It did not happen in time.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
