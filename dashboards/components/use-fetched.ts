/** Something fetched over HTTP, again every so often while it is shown. */
import { useEffect, useState } from 'preact/hooks';
import { HttpProblem } from '../api/http.ts';
import { useApp } from './context.ts';

export interface Fetched<Item> {
  readonly item?: Item | undefined;
  /** The last attempt's problem; the item before it stays. */
  readonly problem?: HttpProblem | undefined;
  readonly retry: () => void;
}

/** @param load must be the same function at every drawing */
export function useFetched<Item>(load: () => Promise<Item>, everyMs: number): Fetched<Item> {
  const { timing, session } = useApp();
  const [item, setItem] = useState<Item | undefined>(undefined);
  const [problem, setProblem] = useState<HttpProblem | undefined>(undefined);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isOver = false;
    let cancel = (): void => undefined;
    const run = async (): Promise<void> => {
      try {
        const loaded = await load();
        if (isOver) return;
        setItem(loaded);
        setProblem(undefined);
      } catch (error) {
        if (!(error instanceof HttpProblem)) throw error;
        if (error.status === 401) void session.ended();
        if (isOver) return;
        setProblem(error);
      }
      cancel = timing.after(everyMs, () => void run());
    };
    void run();
    return () => {
      isOver = true;
      cancel();
    };
  }, [load, everyMs, timing, session, attempt]);
  return { item, problem, retry: () => setAttempt(attempt + 1) };
}
