/** State as colour and shape together: ● good, ◐ attention, ▲ bad, ○ unknown. */
export type Mood = 'good' | 'attention' | 'bad' | 'unknown';

export function Mark({ mood }: { readonly mood: Mood }) {
  return (
    <svg class={`mark mark-${mood}`} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      {shapeOf(mood)}
    </svg>
  );
}

function shapeOf(mood: Mood) {
  switch (mood) {
    case 'good':
      return <circle cx="6" cy="6" r="4.5" fill="currentColor" />;
    case 'attention':
      return (
        <>
          <circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" stroke-width="1.5" />
          <path d="M6 1.75a4.25 4.25 0 0 0 0 8.5z" fill="currentColor" />
        </>
      );
    case 'bad':
      return <path d="M6 1l5.4 9.6H.6z" fill="currentColor" />;
    case 'unknown':
      return <circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" stroke-width="1.5" />;
  }
}
