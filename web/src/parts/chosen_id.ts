// An id that a person gives; the server holds to the same.
import type { TFunction } from 'i18next';

const pattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

// Empty: the server makes one.
export function idError(id: string, t: TFunction<'settings'>): string | null {
  return id === '' || pattern.test(id) ? null : t('id_wrong');
}
