/** Of a long list only what is near the screen is drawn; the page keeps its height. */
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

export interface Rows {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

/** Rows beyond each edge of the screen: enough that Tab finds the next one. */
const overscan = 3;

/** @param top of the list, in px from the top of the screen */
export function rowsNear(top: number, screenPx: number, rows: number, rowPx: number): Rows {
  const from = Math.max(0, Math.floor(-top / rowPx) - overscan);
  const to = Math.min(rows, Math.ceil((screenPx - top) / rowPx) + overscan);
  return to <= from ? { from: 0, to: 0 } : { from, to };
}

/** Follows scrolling and resizing of the page, once a frame. */
export function useRowsNear(host: RefObject<HTMLElement | null>, rows: number, rowPx: number): Rows {
  const [near, setNear] = useState<Rows>({ from: 0, to: 0 });
  useEffect(() => {
    let frame = 0;
    const look = (): void => {
      frame = 0;
      if (host.current === null) return;
      const { top } = host.current.getBoundingClientRect();
      const next = rowsNear(top, window.innerHeight, rows, rowPx);
      setNear((known) => (known.from === next.from && known.to === next.to ? known : next));
    };
    const lookSoon = (): void => {
      if (frame === 0) frame = requestAnimationFrame(look);
    };
    look();
    window.addEventListener('scroll', lookSoon, { passive: true });
    // Also when something above it grows.
    const resize = new ResizeObserver(lookSoon);
    resize.observe(document.documentElement);
    resize.observe(document.body);
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener('scroll', lookSoon);
      resize.disconnect();
    };
  }, [host, rows, rowPx]);
  return near;
}

/** How many columns of at least this width fit into the list. */
export function useColumns(host: RefObject<HTMLElement | null>, leastPx: number, gapPx: number): number {
  const [columns, setColumns] = useState(1);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const count = (): void =>
      setColumns(Math.max(1, Math.floor((element.clientWidth + gapPx) / (leastPx + gapPx))));
    count();
    const resize = new ResizeObserver(count);
    resize.observe(element);
    return () => resize.disconnect();
  }, [host, leastPx, gapPx]);
  return columns;
}

/** Whether the page is as narrow as the style sheets call a phone. */
export function usePhone(): boolean {
  const [isPhone, setPhone] = useState(phoneQuery().matches);
  useEffect(() => {
    const query = phoneQuery();
    const change = (): void => setPhone(query.matches);
    query.addEventListener('change', change);
    return () => query.removeEventListener('change', change);
  }, []);
  return isPhone;
}

function phoneQuery(): MediaQueryList {
  return window.matchMedia('(max-width: 720px)');
}
