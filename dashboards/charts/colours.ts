/** The tokens as a canvas needs them: resolved for the theme that is in force now. */
import { paletteSize } from './palette.ts';

export interface ChartColours {
  readonly text: string;
  readonly grid: string;
  readonly series: readonly string[];
}

/** @param probe an element of the page whose colour may be set for a moment */
export function readColours(probe: HTMLElement): ChartColours {
  const resolve = (token: string): string => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    text: resolve('--text-dim'),
    grid: resolve('--grid'),
    series: Array.from({ length: paletteSize }, (_, index) => resolve(`--series-${index}`)),
  };
  probe.style.color = '';
  return colours;
}

/** A resolved colour, see-through. */
export function faded(colour: string, alpha: number): string {
  const parts = /^rgba?\(([^)]+)\)$/
    .exec(colour)?.[1]
    ?.split(/[ ,/]+/)
    .slice(0, 3);
  return parts === undefined ? colour : `rgba(${parts.join(', ')}, ${alpha})`;
}
