// Mantine's date pickers hold "2026-11-23 18:00:00", in the viewer's zone; everything else holds Unix milliseconds.

export function toPicker(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

export function fromPicker(value: string | null): number | undefined {
  if (value === null || value === '') return undefined;
  const at = new Date(value.replace(' ', 'T')).getTime();
  return Number.isNaN(at) ? undefined : at;
}
