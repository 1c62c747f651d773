// A choice that narrows a list: the browser's own, as it is there at once and a phone shows it best. Null: all.
import { NativeSelect } from '@mantine/core';

interface FilterSelectProps<Value extends string> {
  label: string;
  // The name of the choice of nothing; absent where something is always chosen.
  all?: string;
  data: { value: Value; label: string }[];
  value: Value | null;
  onChange: (value: Value | null) => void;
  w?: number;
}

export function FilterSelect<Value extends string>({ label, all, data, value, onChange, w = 220 }: FilterSelectProps<Value>) {
  return (
    <NativeSelect
      aria-label={label}
      data={[...(all === undefined ? [] : [{ value: '', label: all }]), ...data]}
      value={value ?? ''}
      onChange={({ currentTarget }) => onChange(currentTarget.value === '' ? null : (currentTarget.value as Value))}
      w={w}
      maw="100%"
    />
  );
}
