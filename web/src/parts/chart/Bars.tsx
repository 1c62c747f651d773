// Bars without axes, for the inside of an SVG: what was delivered above what failed, and a line where there was neither.
import styles from './bars.module.css';

export interface BarStep {
  at: number;
  delivered: number;
  failed_attempts: number;
}

interface BarsProps {
  steps: BarStep[];
  width: number;
  height: number;
  gap: number; // on each side of a bar
}

const bar = (x: number, y: number, w: number, h: number) => `M${x.toFixed(1)} ${y.toFixed(1)}h${w.toFixed(1)}v${h.toFixed(1)}h${(-w).toFixed(1)}z`;

export function Bars({ steps, width, height, gap }: BarsProps) {
  const most = Math.max(1, ...steps.map((step) => step.delivered + step.failed_attempts));
  const step = width / steps.length;
  const w = step - 2 * gap;
  // One path a colour: a page may have thousands of bars.
  const paths = { none: '', bad: '', good: '' };
  for (const [index, { delivered, failed_attempts: failed }] of steps.entries()) {
    const x = index * step + gap;
    const low = failed === 0 ? 0 : Math.max(2, ((height - 2) * failed) / most);
    const high = delivered === 0 ? 0 : Math.max(1, ((height - 2) * delivered) / most);
    if (low + high === 0) paths.none += bar(x, height - 1, w, 1);
    if (low > 0) paths.bad += bar(x, height - low, w, low);
    if (high > 0) paths.good += bar(x, height - low - high, w, high);
  }
  return (['none', 'bad', 'good'] as const).map((color) => paths[color] !== '' && <path key={color} className={styles[color]} d={paths[color]} stroke="none" />);
}
