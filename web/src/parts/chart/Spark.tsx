// A few bars without axes: what was delivered above what failed. The name says the same to those who do not see it.
import styles from './spark.module.css';

interface SparkProps {
  label: string;
  steps: { at: number; delivered: number; failed_attempts: number }[];
}

const width = 120;
const height = 28;

const bar = (x: number, y: number, w: number, h: number) => `M${x.toFixed(1)} ${y.toFixed(1)}h${w.toFixed(1)}v${h.toFixed(1)}h${(-w).toFixed(1)}z`;

export function Spark({ label, steps }: SparkProps) {
  const most = Math.max(1, ...steps.map((step) => step.delivered + step.failed_attempts));
  const step = width / steps.length;
  // One path a colour: a page of these has thousands of bars.
  const paths = { none: '', bad: '', good: '' };
  for (const [index, { delivered, failed_attempts: failed }] of steps.entries()) {
    const x = index * step + 0.5;
    const low = failed === 0 ? 0 : Math.max(2, ((height - 2) * failed) / most);
    const high = delivered === 0 ? 0 : Math.max(1, ((height - 2) * delivered) / most);
    if (low + high === 0) paths.none += bar(x, height - 1, step - 1, 1);
    if (low > 0) paths.bad += bar(x, height - low, step - 1, low);
    if (high > 0) paths.good += bar(x, height - low - high, step - 1, high);
  }
  return (
    <svg className={styles.spark} role="img" aria-label={label} viewBox={`0 0 ${width} ${height}`} width={width} height={height}>
      {(['none', 'bad', 'good'] as const).map((color) => paths[color] !== '' && <path key={color} className={styles[color]} d={paths[color]} stroke="none" />)}
    </svg>
  );
}
