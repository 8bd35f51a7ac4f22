/** The designed screens for when there is nothing else to show: what is so, and the next step. */
import type { ComponentChildren } from 'preact';
import type { HttpProblem } from '../api/http.ts';
import { useApp } from './context.ts';
import { Mark } from './mark.tsx';
import type { Mood } from './mark.tsx';

export function Message(props: {
  readonly title: string;
  readonly mood?: Mood;
  readonly children?: ComponentChildren;
}) {
  return (
    <section class="message">
      <h2>
        {props.mood !== undefined && <Mark mood={props.mood} />}
        {props.title}
      </h2>
      {props.children}
    </section>
  );
}

/** Holds the place of what is coming; says so in words after a second. */
export function Loading({ text, rows = 3 }: { readonly text: string; readonly rows?: number }) {
  return (
    <div class="loading" role="status">
      <p class="loading-words">{text}</p>
      <div class="cards" aria-hidden="true">
        {Array.from({ length: rows }, (_, index) => (
          <div key={index} class="card skeleton" />
        ))}
      </div>
    </div>
  );
}

export function Denied() {
  const { language, session } = useApp();
  return (
    <Message title={language.t('denied.title')} mood="attention">
      <p>{language.t('denied.body', { role: session.who.value?.role ?? '' })}</p>
    </Message>
  );
}

export function Failed({ problem, retry }: { readonly problem: HttpProblem; readonly retry: () => void }) {
  const { language } = useApp();
  return (
    <Message title={language.t('failed.title')} mood="bad">
      <p>{language.reason(problem.code, problem.message)}</p>
      <button type="button" class="button" onClick={retry}>
        {language.t('failed.retry')}
      </button>
    </Message>
  );
}
