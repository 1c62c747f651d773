// Fields for a day or a moment, with a calendar in the viewer's language; the week begins on Monday. Calendars weigh as
// much as many pages: DateFields.tsx loads this file when a field is opened.
import '@mantine/dates/styles.layer.css';
import 'dayjs/locale/fr';

import { DateInput, type DateInputProps, DatesProvider, DateTimePicker, type DateTimePickerProps } from '@mantine/dates';
import { useEffect, useRef } from 'react';

import { useTranslation } from '@/texts/translation';

function useDates() {
  const { t, i18n } = useTranslation();
  return {
    settings: { locale: i18n.language, firstDayOfWeek: 1 as const },
    labels: { previousMonth: t('calendar.previous'), nextMonth: t('calendar.next'), previousYear: t('calendar.previous'), nextYear: t('calendar.next'), previousDecade: t('calendar.previous'), nextDecade: t('calendar.next') },
  };
}

// Opens at once, as who loads it wants to choose.
export function DateTimeCalendar(props: DateTimePickerProps) {
  const { t } = useTranslation();
  const { settings, labels } = useDates();
  const field = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.click();
  }, []);
  return (
    <DatesProvider settings={settings}>
      <DateTimePicker
        ref={field}
        valueFormat={t('calendar.moment')}
        ariaLabels={labels}
        submitButtonProps={{ 'aria-label': t('calendar.take') }}
        timePickerProps={{ hoursInputLabel: t('calendar.hours'), minutesInputLabel: t('calendar.minutes') }}
        {...props}
      />
    </DatesProvider>
  );
}

export function DateCalendar(props: DateInputProps) {
  const { settings, labels } = useDates();
  return <DatesProvider settings={settings}><DateInput valueFormat="YYYY-MM-DD" ariaLabels={labels} {...props} /></DatesProvider>;
}
