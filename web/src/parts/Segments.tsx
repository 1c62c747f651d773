// A choice of a few, side by side. It is made of the browser's own fields, which measure nothing, as a page may have many.
import { useId } from 'react';

import styles from './Segments.module.css';

interface SegmentsProps<Value extends string> {
  label: string;
  data: { value: Value; label: string }[];
  value: Value;
  onChange: (value: Value) => void;
  disabled?: boolean;
}

export function Segments<Value extends string>({ label, data, value, onChange, disabled = false }: SegmentsProps<Value>) {
  const name = useId();
  return (
    <div className={styles.segments} role="radiogroup" aria-label={label}>
      {data.map((each) => (
        <label key={each.value} className={styles.segment}>
          <input type="radio" name={name} value={each.value} checked={each.value === value} disabled={disabled} onChange={() => onChange(each.value)} />
          {each.label}
        </label>
      ))}
    </div>
  );
}
