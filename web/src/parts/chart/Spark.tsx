// A few bars without axes. The name says the same to those who do not see them.
import { Bars, type BarStep } from './Bars';
import styles from './spark.module.css';

interface SparkProps {
  label: string;
  steps: BarStep[];
}

const width = 120;
const height = 28;

export function Spark({ label, steps }: SparkProps) {
  return (
    <svg className={styles.spark} role="img" aria-label={label} viewBox={`0 0 ${width} ${height}`} width={width} height={height}>
      <Bars steps={steps} width={width} height={height} gap={0.5} />
    </svg>
  );
}
