// A few bars without axes: what was delivered above what failed. The name says the same to those who do not see it.
import styles from './chart.module.css';

interface SparkProps {
  label: string;
  steps: { at: number; delivered: number; failed_attempts: number }[];
}

const width = 120;
const height = 28;

export function Spark({ label, steps }: SparkProps) {
  const most = Math.max(1, ...steps.map((step) => step.delivered + step.failed_attempts));
  const step = width / steps.length;
  return (
    <svg className={styles.spark} role="img" aria-label={label} viewBox={`0 0 ${width} ${height}`} width={width} height={height}>
      {steps.map(({ at, delivered, failed_attempts: failed }, index) => {
        const high = ((height - 2) * delivered) / most;
        const low = ((height - 2) * failed) / most;
        const x = index * step + 0.5;
        return (
          <g key={at}>
            {delivered + failed === 0 && <rect className={styles.none} x={x} y={height - 1} width={step - 1} height={1} />}
            {failed > 0 && <rect className={styles.bad} x={x} y={height - Math.max(low, 2)} width={step - 1} height={Math.max(low, 2)} />}
            {delivered > 0 && <rect className={styles.good} x={x} y={height - low - Math.max(high, 1)} width={step - 1} height={Math.max(high, 1)} />}
          </g>
        );
      })}
    </svg>
  );
}
