// What the navigation leads to, in its order.
import { type Icon, IconBuildingStore } from '@tabler/icons-react';

import type common from '../texts/en/common.json';
import type { May } from './session';

export interface NavigationEntry {
  to: string;
  // A key of texts/<language>/common.json, under "navigation".
  label: keyof (typeof common)['navigation'];
  icon: Icon;
  // Shown to those who may; to all when absent.
  needs?: keyof May;
}

export interface NavigationGroup {
  label: keyof (typeof common)['navigation'] | null;
  entries: NavigationEntry[];
}

export const navigation: NavigationGroup[] = [
  {
    label: 'settings',
    entries: [{ to: '/settings/venues', label: 'venues', icon: IconBuildingStore }],
  },
];
