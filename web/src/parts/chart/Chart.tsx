// A chart over time as plain SVG: stacked bars, or lines. Pointing at a step, or going there with the arrow keys, says
// its values; a table beside it says all of them to those who do not see it.
import { Group, Text, VisuallyHidden } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useState } from 'react';

import styles from './chart.module.css';

export interface Series {
  name: string;
  label: string;
  color: 'good' | 'bad' | 'first' | 'second' | 'third';
}

interface ChartProps {
  kind: 'bars' | 'lines';
  label: string;
  series: Series[];
  // By name of the series; null: there is no value.
  steps: { at: number; values: Record<string, number | null> }[];
  formatStep: (at: number) => string;
  formatValue: (value: number) => string;
}

const height = 190;
const room = { top: 8, right: 4, bottom: 22, left: 52 };
const ticksMax = 4;

// Round numbers up to the highest value.
export function ticksOf(most: number): number[] {
  if (most <= 0) return [0, 1];
  const rough = most / ticksMax;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough)!;
  const whole = Math.max(step, most <= ticksMax ? 1 : 0);
  return Array.from({ length: Math.ceil(most / whole) + 1 }, (_, index) => index * whole);
}

export function Chart({ kind, label, series, steps, formatStep, formatValue }: ChartProps) {
  const { ref, width } = useElementSize();
  const [at, setAt] = useState<number | null>(null);
  const sumOf = (values: Record<string, number | null>) => series.reduce((sum, { name }) => sum + (values[name] ?? 0), 0);
  const most = Math.max(0, ...steps.map(({ values }) => (kind === 'bars' ? sumOf(values) : Math.max(0, ...series.map(({ name }) => values[name] ?? 0)))));
  const ticks = ticksOf(most);
  const top = ticks.at(-1)!;
  const inner = { width: Math.max(0, width - room.left - room.right), height: height - room.top - room.bottom };
  const step = steps.length === 0 ? 0 : inner.width / steps.length;
  const y = (value: number) => room.top + inner.height * (1 - value / top);
  const x = (index: number) => room.left + index * step;
  const labelEvery = Math.max(1, Math.ceil(64 / Math.max(1, step)));
  const move = (by: number) => setAt((now) => Math.min(steps.length - 1, Math.max(0, (now ?? (by > 0 ? -1 : steps.length)) + by)));
  const shown = at === null ? undefined : steps[at];
  return (
    <div>
      <Group gap="md" mb={6} mih={24} aria-hidden>
        {series.map(({ name, label: text, color }) => (
          <Group key={name} gap={6} wrap="nowrap">
            <span className={`${styles.swatch} ${styles[color]}`} />
            <Text size="sm">{text}{shown ? <Text span inherit fw={600} className={styles.figures}> {shown.values[name] == null ? '—' : formatValue(shown.values[name])}</Text> : null}</Text>
          </Group>
        ))}
        {shown && <Text size="sm" c="dimmed" ml="auto">{formatStep(shown.at)}</Text>}
      </Group>
      <div
        ref={ref}
        className={styles.plot}
        role="img"
        aria-label={shown ? `${label}. ${formatStep(shown.at)}: ${series.map(({ name, label: text }) => `${text} ${shown.values[name] == null ? '—' : formatValue(shown.values[name])}`).join(', ')}` : label}
        tabIndex={0}
        onKeyDown={(event) => {
          if (event.key === 'ArrowRight') move(1);
          else if (event.key === 'ArrowLeft') move(-1);
          else if (event.key === 'Escape') setAt(null);
        }}
        onPointerMove={(event) => {
          const left = event.clientX - event.currentTarget.getBoundingClientRect().left - room.left;
          setAt(left < 0 || step === 0 ? null : Math.min(steps.length - 1, Math.floor(left / step)));
        }}
        onPointerLeave={() => setAt(null)}
        onBlur={() => setAt(null)}
      >
        <svg width={width} height={height} aria-hidden>
          {ticks.map((tick) => (
            <g key={tick}>
              <line className={styles.grid} x1={room.left} x2={width - room.right} y1={y(tick)} y2={y(tick)} />
              <text className={styles.axis} x={room.left - 8} y={y(tick)} textAnchor="end" dominantBaseline="central">{formatValue(tick)}</text>
            </g>
          ))}
          {at !== null && <rect className={styles.pointed} x={x(at)} y={room.top} width={step} height={inner.height} />}
          {steps.map(({ at: moment }, index) =>
            index % labelEvery === 0 && (
              <text key={moment} className={styles.axis} x={Math.min(x(index) + step / 2, width - 24)} y={height - 6} textAnchor="middle">{formatStep(moment)}</text>
            ),
          )}
          {kind === 'bars'
            ? steps.map(({ at: moment, values }, index) => {
                let below = 0;
                return series.map(({ name, color }) => {
                  const value = values[name] ?? 0;
                  if (value === 0) return null;
                  below += value;
                  return <rect key={`${moment} ${name}`} className={styles[color]} x={x(index) + 1} y={y(below)} width={Math.max(1, step - 2)} height={Math.max(1, y(below - value) - y(below))} />;
                });
              })
            : series.map(({ name, color }) => (
                <g key={name}>
                  <path className={`${styles.line} ${styles[color]}`} d={pathOf(steps.map(({ values }, index) => (values[name] == null ? null : [x(index) + step / 2, y(values[name])])))} />
                  {steps.map(({ at: moment, values }, index) => values[name] != null && <circle key={moment} className={styles[color]} cx={x(index) + step / 2} cy={y(values[name])} r={at === index ? 4 : 2} />)}
                </g>
              ))}
        </svg>
      </div>
      <VisuallyHidden>
        <table aria-label={label}>
          <thead><tr><th>{label}</th>{series.map(({ name, label: text }) => <th key={name}>{text}</th>)}</tr></thead>
          <tbody>
            {steps.map(({ at: moment, values }) => (
              <tr key={moment}>
                <th>{formatStep(moment)}</th>
                {series.map(({ name }) => <td key={name}>{values[name] == null ? '—' : formatValue(values[name])}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </VisuallyHidden>
    </div>
  );
}

// Lines between neighbours; a step without a value parts them.
function pathOf(points: ([number, number] | null)[]): string {
  let path = '';
  let pen = false;
  for (const point of points) {
    if (point !== null) path += `${pen ? 'L' : 'M'}${point[0].toFixed(1)} ${point[1].toFixed(1)}`;
    pen = point !== null;
  }
  return path;
}
