/** The few signs of the page, drawn on one 20 px grid in the colour of the text around them. */
const paths = {
  overview: 'M3 3h6v6H3zM11 3h6v6h-6zM3 11h6v6H3zM11 11h6v6h-6z',
  commands: 'M3 6l4 4-4 4M9 15h8',
  inbox: 'M3 11l2.5-7h9L17 11v5H3zM3 11h4l1 2h4l1-2h4',
  status: 'M2 11h4l2-6 4 11 2-5h4',
  search: 'M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zM13.5 13.5L18 18',
  light:
    'M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4M14.6 14.6L16 16M16 4l-1.4 1.4M5.4 14.6L4 16',
  dark: 'M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7z',
  system: 'M3 4h14v9H3zM7 17h6M10 13v4',
  keys: 'M2.5 5.5h15v9h-15zM5.5 8.5h.01M8.5 8.5h.01M11.5 8.5h.01M14.5 8.5h.01M6.5 11.5h7',
  logOut: 'M8 3H3.5v14H8M12 6l4 4-4 4M16 10H7.5',
  back: 'M12 4l-6 6 6 6',
  forward: 'M8 4l6 6-6 6',
  copy: 'M7 7h9v10H7zM4 13V3h9v1.5',
  plus: 'M10 4v12M4 10h12',
  minus: 'M4 10h12',
  download: 'M10 3v9M6 9l4 4 4-4M4 17h12',
  settings: 'M3 6h7M14 6h3M3 14h3M10 14h7M12 4v4M8 12v4',
  grid: 'M3 3h6v6H3zM11 3h6v6h-6zM3 11h6v6H3zM11 11h6v6h-6z',
  table: 'M3 5h14M3 10h14M3 15h14',
  check: 'M4 10.5l4 4 8-9',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}

/** The mark of the project: a signal lamp. */
export function Lamp() {
  return (
    <svg class="lamp" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <circle cx="10" cy="10" r="8.25" fill="none" stroke="currentColor" stroke-width="1.5" />
      <circle cx="10" cy="10" r="4" fill="currentColor" />
    </svg>
  );
}
