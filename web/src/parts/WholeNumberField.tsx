// A field for a whole number, which may be left empty. Mantine's own for all kinds of numbers weighs as much as a page does.
import { TextInput, type TextInputProps } from '@mantine/core';

interface WholeNumberFieldProps extends Omit<TextInputProps, 'value' | 'onChange' | 'min' | 'max'> {
  // "": none.
  value?: number | '';
  onChange?: (value: number | '') => void;
  min: number;
  max: number;
}

// The field takes digits alone; a number outside of the bounds becomes the nearest one when the field is left.
export function WholeNumberField({ value = '', onChange, onBlur, min, max, ...input }: WholeNumberFieldProps) {
  return (
    <TextInput
      {...input}
      inputMode="numeric"
      autoComplete="off"
      maxLength={String(max).length}
      value={String(value)}
      onChange={({ currentTarget }) => {
        const digits = currentTarget.value.replace(/\D/g, '');
        onChange?.(digits === '' ? '' : Number(digits));
      }}
      onBlur={(event) => {
        if (value !== '') onChange?.(Math.min(max, Math.max(min, value)));
        onBlur?.(event);
      }}
    />
  );
}
