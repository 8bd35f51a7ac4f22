/** How far a replay or a purge of quarantine is, and what came of it. */
import { useApp } from '../components/context.ts';
import { Mark } from '../components/mark.tsx';
import type { Mood } from '../components/mark.tsx';
import type { QuarantineProgress } from '../state/quarantine-run.ts';

const moods: Readonly<Record<NonNullable<QuarantineProgress['end']>, Mood>> = {
  whole: 'good',
  stopped: 'attention',
  failed: 'bad',
};

export function QuarantineResult(props: {
  readonly progress: QuarantineProgress;
  readonly stop: () => void;
}) {
  const { language } = useApp();
  const { work, done, total, settled, readings, left, end, why = '' } = props.progress;
  const number = (count: number): string => language.values.number(count, 0);
  const leftOver = Object.entries(left)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${reason} ${number(count)}`);
  return (
    <div class="banner" role="status">
      <Mark mood={end === undefined ? 'unknown' : moods[end]} />
      <span>
        {language.t(`quarantine.${end ?? 'running'}`, { why })}{' '}
        {work === 'replay'
          ? language.t('quarantine.replayed', { messages: number(settled), readings: number(readings) })
          : language.t('quarantine.purged', { count: number(settled) })}{' '}
        {leftOver.length > 0 && language.t('quarantine.left', { reasons: leftOver.join(', ') })}
      </span>
      {end === undefined && (
        <>
          <progress aria-label={language.t('quarantine.running')} value={total && done} max={total} />
          <button type="button" class="button small" onClick={props.stop}>
            {language.t('quarantine.stop')}
          </button>
        </>
      )}
    </div>
  );
}
