// The options of a choice: what people read, and the value that payloads carry (a text or a whole number), in the order
// that forms show them.
import { ActionIcon, Button, Group, Input, Stack, TextInput } from '@mantine/core';
import { randomId } from '@mantine/hooks';
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';

import type { CustomFieldOption } from '@/api/schema';
import { useTranslation } from '@/texts/translation';

export interface OptionRow {
  key: string;
  label: string;
  // As typed.
  value: string;
  // The value was a text before, and stays one though it looks like a number.
  text: boolean;
}

const integer = /^-?(0|[1-9]\d{0,14})$/;

export function fromOptions(options: readonly CustomFieldOption[]): OptionRow[] {
  return options.map(({ label, value }) => ({ key: randomId(), label, value: String(value), text: typeof value === 'string' }));
}

// "3" is the number 3, everything else a text.
export function toOptions(rows: readonly OptionRow[]): CustomFieldOption[] {
  return rows.map(({ label, value, text }) => ({ label: label.trim(), value: !text && integer.test(value) ? Number(value) : value }));
}

export function optionsError(rows: readonly OptionRow[], t: TFunction<'settings'>): string | null {
  if (rows.length === 0) return t('fields.options_none');
  if (rows.some(({ label, value }) => label.trim() === '' || value === '')) return t('fields.options_empty');
  if (new Set(rows.map(({ value }) => value)).size < rows.length) return t('fields.options_twice');
  return null;
}

// A new row's value: the lowest number that is free.
function freeNumber(rows: readonly OptionRow[]): string {
  const taken = new Set(rows.map(({ value }) => value));
  let number = 0;
  while (taken.has(String(number))) ++number;
  return String(number);
}

interface OptionsEditorProps {
  value?: OptionRow[];
  onChange?: (rows: OptionRow[]) => void;
  error?: ReactNode;
}

export function OptionsEditor({ value: rows = [], onChange, error }: OptionsEditorProps) {
  const { t } = useTranslation('settings');
  const change = (next: OptionRow[]) => onChange?.(next);
  const edit = (index: number, part: Partial<OptionRow>) => change(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
  const move = (index: number, to: number) => {
    const next = [...rows];
    next.splice(to, 0, ...next.splice(index, 1));
    change(next);
  };
  return (
    <Input.Wrapper label={t('fields.options')} description={t('fields.options_text')} error={error} labelElement="div" role="group">
      <Stack gap="xs" mt="xs" mb={error ? 6 : 0}>
        {rows.map((row, index) => (
          <Group key={row.key} gap={4} wrap="nowrap">
            <TextInput
              flex={2}
              miw={0}
              aria-label={t('fields.option_label', { number: index + 1 })}
              placeholder={t('fields.label')}
              value={row.label}
              onChange={(event) => edit(index, { label: event.currentTarget.value })}
            />
            <TextInput
              flex={1}
              miw={0}
              aria-label={t('fields.option_value', { number: index + 1 })}
              placeholder={t('fields.value')}
              value={row.value}
              onChange={(event) => edit(index, { value: event.currentTarget.value, text: false })}
            />
            <ActionIcon variant="subtle" color="gray" disabled={index === 0} onClick={() => move(index, index - 1)} aria-label={t('fields.option_up', { number: index + 1 })}>
              <IconArrowUp size={16} aria-hidden />
            </ActionIcon>
            <ActionIcon variant="subtle" color="gray" disabled={index === rows.length - 1} onClick={() => move(index, index + 1)} aria-label={t('fields.option_down', { number: index + 1 })}>
              <IconArrowDown size={16} aria-hidden />
            </ActionIcon>
            <ActionIcon variant="subtle" color="gray" onClick={() => change(rows.filter((_, at) => at !== index))} aria-label={t('fields.option_remove', { number: index + 1 })}>
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          style={{ alignSelf: 'flex-start' }}
          onClick={() => change([...rows, { key: randomId(), label: '', value: freeNumber(rows), text: false }])}
        >
          {t('fields.option_add')}
        </Button>
      </Stack>
    </Input.Wrapper>
  );
}
