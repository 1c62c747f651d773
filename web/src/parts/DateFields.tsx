// Fields for a day or a moment. What they show before they are opened is made here; the calendars come when they are wanted.
import { Input, InputBase, Skeleton } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useState } from 'react';

import { useTranslation } from '@/texts/translation';
import { formatMoment } from './picker_time';

const DateTimeCalendar = lazy(async () => ({ default: (await import('./Calendars')).DateTimeCalendar }));
const DateCalendar = lazy(async () => ({ default: (await import('./Calendars')).DateCalendar }));

interface MomentProps {
  label: ReactNode;
  placeholder?: string;
  // "YYYY-MM-DD HH:mm:ss" in the viewer's zone (picker_time.ts); hours count to 24.
  value: string | null;
  onChange: (value: string | null) => void;
  clearable?: boolean;
  minDate?: Date;
  maxDate?: Date;
  w?: number;
}

export function DateTimeField({ label, placeholder, value, onChange, clearable = false, minDate, maxDate, w }: MomentProps) {
  const { t, i18n } = useTranslation();
  const [opened, setOpened] = useState(false);
  const closed = (
    <InputBase
      component="button"
      type="button"
      pointer
      label={label}
      w={w}
      onClick={() => setOpened(true)}
      rightSection={clearable && value !== null ? <Input.ClearButton onClick={() => onChange(null)} /> : undefined}
      rightSectionPointerEvents="all"
    >
      {value === null ? <Input.Placeholder>{placeholder}</Input.Placeholder> : formatMoment(value, t('calendar.moment'), i18n.language)}
    </InputBase>
  );
  if (!opened) return closed;
  return (
    <Suspense fallback={closed}>
      <DateTimeCalendar label={label} placeholder={placeholder} value={value} onChange={onChange} clearable={clearable} minDate={minDate} maxDate={maxDate} w={w} />
    </Suspense>
  );
}

// A day as "YYYY-MM-DD".
export function DateField(props: React.ComponentProps<typeof DateCalendar>) {
  return <Suspense fallback={<Skeleton h={56} />}><DateCalendar {...props} /></Suspense>;
}
