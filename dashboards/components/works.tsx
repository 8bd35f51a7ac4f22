/** What runs long, above every screen: how far it is, a way to stop it, and how it ended. */
import { useEffect } from 'preact/hooks';
import type { Work, WorkEnd } from '../state/works.ts';
import { useApp } from './context.ts';
import { Mark } from './mark.tsx';
import type { Mood } from './mark.tsx';

const moods: Readonly<Record<WorkEnd, Mood>> = { whole: 'good', stopped: 'attention', failed: 'bad' };

export function WorkList() {
  const { language, works } = useApp();
  const all = works.all.value;
  useLeaveWarning(works.isRunning());
  if (all.length === 0) return null;
  return (
    <section class="works" aria-label={language.t('work.list')}>
      {all.map((work) => (
        <WorkItem key={work.id} work={work} />
      ))}
    </section>
  );
}

function WorkItem({ work }: { readonly work: Work }) {
  const { language, works } = useApp();
  const { id, end, done, lines = [] } = work;
  const title = work.title(language);
  const label = language.t(end === undefined ? 'work.stop' : 'work.dismiss');
  return (
    <div class="banner work" data-end={end ?? 'running'}>
      {end === undefined ? <i class="pending-mark" aria-hidden="true" /> : <Mark mood={moods[end]} />}
      <div class="work-words">
        <b>{title}</b>
        <p role="status">
          {language.t(`work.${end ?? 'running'}`, { why: work.why ?? '' })} {work.words(language)}
        </p>
        {end === undefined && <progress aria-label={title} value={done} max={1} />}
        {lines.length > 0 && (
          <details>
            <summary>{language.t('work.refused')}</summary>
            <ul class="code">
              {lines.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </details>
        )}
      </div>
      <span class="work-share">
        {end === undefined && done !== undefined && language.values.percent(done)}
      </span>
      <button
        type="button"
        class="button small"
        aria-label={`${label}: ${title}`}
        onClick={() => (end === undefined ? works.stop(id) : works.dismiss(id))}
      >
        {label}
      </button>
    </div>
  );
}

/** Closing the page ends what runs: the browser asks first. */
function useLeaveWarning(isRunning: boolean): void {
  useEffect(() => {
    if (!isRunning) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isRunning]);
}
