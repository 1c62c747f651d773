// A time of the day as people type it. The browser's own field for times would show 12 or 24 hours as its language has it,
// beside the 24 hours that the dashboard shows everywhere.

export const dayTime = /^([01]\d|2[0-3]):[0-5]\d$/;

// "7" is 07:00, "730" and "7.30" are 07:30. What is no time stays as it is.
export function wholeTime(typed: string): string {
  const [, hours, minutes = '00'] = /^\s*(\d{1,2}?)\s*[:.hH]?\s*(\d{2})?\s*$/.exec(typed) ?? [];
  return hours === undefined ? typed : `${hours.padStart(2, '0')}:${minutes}`;
}
