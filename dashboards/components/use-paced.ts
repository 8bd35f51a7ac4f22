/** The value of a signal as it is shown: it is taken over in its turn, and then it is the newest. */
import type { ReadonlySignal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { useApp } from './context.ts';

export function usePaced<Value>(source: ReadonlySignal<Value>): Value {
  const { turns } = useApp();
  const [shown, setShown] = useState<Value>(() => source.peek());
  useEffect(() => {
    const take = (): void => setShown(() => source.peek());
    const unfollow = source.subscribe(() => turns.ask(take, 'value'));
    return () => {
      unfollow();
      turns.forget(take);
    };
  }, [source, turns]);
  return shown;
}
