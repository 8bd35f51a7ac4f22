/** The edges of a band, drawn only where there is one: of single readings lowest, mean and highest are the same line. */
import type uPlot from 'uplot';

/** Of each series a chart draws its mean, and then its lowest and its highest value. */
export const linesPerSeries = 3;

/** @param draw how a line is drawn @returns draws nothing, and no band, where no point has extremes of its own */
export function edgePath(draw: uPlot.Series.PathBuilder): uPlot.Series.PathBuilder {
  return (plot, line, first, last) => {
    const mean = plot.data[line - ((line - 1) % linesPerSeries)];
    const edge = plot.data[line];
    for (let index = first; index <= last; index += 1)
      if (typeof edge?.[index] === 'number' && edge[index] !== mean?.[index])
        return draw(plot, line, first, last);
    return null;
  };
}
