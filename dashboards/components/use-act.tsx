/** Something that the reader asks of the hub: whether it runs, and what the hub objected to. */
import { useState } from 'preact/hooks';
import { HttpProblem } from '../api/http.ts';
import { useApp } from './context.ts';

export interface Act {
  readonly isBusy: boolean;
  /** The hub's sentence; empty when the last one went well. */
  readonly trouble: string;
  /** @returns whether it went well */
  readonly act: (work: () => Promise<unknown>) => Promise<boolean>;
}

export function useAct(): Act {
  const { language } = useApp();
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  const act = async (work: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    try {
      await work();
      setTrouble('');
      return true;
    } catch (error) {
      if (!(error instanceof HttpProblem)) throw error;
      setTrouble(language.reason(error.code, error.message));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, trouble, act };
}

export function Trouble({ text }: { readonly text: string }) {
  if (text === '') return null;
  return (
    <p class="trouble" role="alert">
      {text}
    </p>
  );
}
