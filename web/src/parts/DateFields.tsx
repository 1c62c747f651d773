// Fields for a day or a moment, with a calendar in the viewer's language; the week begins on Monday.
import '@mantine/dates/styles.css';
import 'dayjs/locale/fr';

import { DateInput, type DateInputProps, DatesProvider, DateTimePicker, type DateTimePickerProps } from '@mantine/dates';
import { useTranslation } from 'react-i18next';

function useDates() {
  const { t, i18n } = useTranslation();
  return {
    settings: { locale: i18n.language, firstDayOfWeek: 1 as const },
    labels: { previousMonth: t('calendar.previous'), nextMonth: t('calendar.next'), previousYear: t('calendar.previous'), nextYear: t('calendar.next'), previousDecade: t('calendar.previous'), nextDecade: t('calendar.next') },
  };
}

// A moment as "YYYY-MM-DD HH:mm:ss" in the viewer's zone (picker_time.ts); hours count to 24.
export function DateTimeField(props: DateTimePickerProps) {
  const { t } = useTranslation();
  const { settings, labels } = useDates();
  return (
    <DatesProvider settings={settings}>
      <DateTimePicker
        valueFormat={t('calendar.moment')}
        ariaLabels={labels}
        submitButtonProps={{ 'aria-label': t('calendar.take') }}
        timePickerProps={{ hoursInputLabel: t('calendar.hours'), minutesInputLabel: t('calendar.minutes') }}
        {...props}
      />
    </DatesProvider>
  );
}

// A day as "YYYY-MM-DD".
export function DateField(props: DateInputProps) {
  const { settings, labels } = useDates();
  return <DatesProvider settings={settings}><DateInput valueFormat="YYYY-MM-DD" ariaLabels={labels} {...props} /></DatesProvider>;
}
