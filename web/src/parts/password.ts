// What a password must be; the server holds to the same.
import type { TFunction } from 'i18next';

const charactersMin = 12;
const bytesMax = 1024;

export function passwordError(password: string, t: TFunction<'access'>): string | null {
  if (Array.from(password).length < charactersMin) return t('password_short', { count: charactersMin });
  if (new TextEncoder().encode(password).length > bytesMax) return t('password_long');
  return null;
}
