// Marks a row of a table. A plain field: a list has fifty of them.
import styles from './RowCheckbox.module.css';

interface RowCheckboxProps {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function RowCheckbox({ label, checked, onChange }: RowCheckboxProps) {
  return <input type="checkbox" className={styles.box} aria-label={label} checked={checked} onChange={({ currentTarget }) => onChange(currentTarget.checked)} />;
}
