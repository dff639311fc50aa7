/** uPlot inside React: made anew when what it draws changes in kind, fed when only the data change. */
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import styles from './series-chart.module.css';
import { useWidth } from './use-width.ts';

interface SeriesChartProps {
  /** Must be stable (useMemo): a new object makes a new chart. */
  readonly options: Omit<uPlot.Options, 'width' | 'height'>;
  readonly data: uPlot.AlignedData;
  readonly height: number;
  readonly label: string;
  readonly onZoom: (from: number, to: number) => void;
  readonly onBack: () => void;
  /** Index of the data under the pointer; null: it is elsewhere. */
  readonly onPoint: (index: number | null) => void;
}

export function SeriesChart({ options, data, height, label, ...handling }: SeriesChartProps) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const plot = useRef<uPlot | null>(null);
  const handlers = useRef(handling);
  handlers.current = handling;
  const latest = useRef({ data, width, height });
  latest.current = { data, width, height };
  const measured = width > 0;

  useEffect(() => {
    const parent = frame.current;
    if (parent === null || !measured) return;
    const made = new uPlot(
      {
        ...options,
        width: latest.current.width,
        height: latest.current.height,
        cursor: {
          ...options.cursor,
          drag: { x: true, y: false, setScale: false },
          // A double click goes back in the page's own history instead of resetting the scales here.
          bind: {
            dblclick: () => () => {
              handlers.current.onBack();
              return null;
            },
          },
        },
        hooks: {
          ...options.hooks,
          setCursor: [(self) => handlers.current.onPoint(self.cursor.idx ?? null)],
          setSelect: [
            (self) => {
              const { left, width: selected } = self.select;
              if (selected < 4) return;
              handlers.current.onZoom(self.posToVal(left, 'x'), self.posToVal(left + selected, 'x'));
              self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            },
          ],
        },
      },
      latest.current.data,
      parent,
    );
    plot.current = made;
    return () => {
      plot.current = null;
      made.destroy();
      handlers.current.onPoint(null);
    };
  }, [options, measured, frame]);

  useEffect(() => plot.current?.setData(data), [data]);
  useEffect(() => {
    if (width > 0) plot.current?.setSize({ width, height });
  }, [width, height]);

  return <div ref={frame} className={styles.chart} style={{ height }} role="img" aria-label={label} />;
}
