// Light, dark or as the system has it; remembered under the key that boot/boot.ts reads before the first paint.
import { localStorageColorSchemeManager } from '@mantine/core';

export const colorSchemes = localStorageColorSchemeManager({ key: 'shakehook-color-scheme' });
