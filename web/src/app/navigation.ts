// The pages that the navigation leads to, in its order.
import { type Icon, IconAddressBook, IconAdjustmentsHorizontal, IconBell, IconBolt, IconBuildingSkyscraper, IconBuildingStore, IconHistory, IconHome, IconInbox, IconListDetails, IconPlug, IconRocket, IconUsers, IconWebhook } from '@tabler/icons-react';

import type { May } from '@/context/session';
import type common from '@/texts/en/common.json';

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
  { label: null, entries: [{ to: '/', label: 'home_page', icon: IconHome }, { to: '/getting-started', label: 'getting_started', icon: IconRocket }] },
  {
    label: 'crm',
    entries: [
      { to: '/contacts', label: 'contacts', icon: IconAddressBook },
      { to: '/accounts', label: 'accounts', icon: IconBuildingSkyscraper },
    ],
  },
  {
    label: 'delivery',
    entries: [
      { to: '/webhooks', label: 'webhooks', icon: IconWebhook },
      { to: '/deliveries', label: 'deliveries', icon: IconListDetails },
      { to: '/events', label: 'events', icon: IconBolt },
      { to: '/inboxes', label: 'inbox', icon: IconInbox },
    ],
  },
  {
    label: 'settings',
    entries: [
      { to: '/settings/integrations', label: 'integrations', icon: IconPlug },
      { to: '/settings/notices', label: 'notices', icon: IconBell, needs: 'manage' },
      { to: '/settings/fields', label: 'fields', icon: IconAdjustmentsHorizontal },
      { to: '/settings/venues', label: 'venues', icon: IconBuildingStore },
      { to: '/settings/users', label: 'users', icon: IconUsers, needs: 'administer' },
      { to: '/settings/audit', label: 'audit', icon: IconHistory, needs: 'administer' },
    ],
  },
];
