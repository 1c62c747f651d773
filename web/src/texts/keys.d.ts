// Makes t('…') know the keys: one line per page area.
import 'i18next';

import type access from './en/access.json';
import type common from './en/common.json';
import type deliveries from './en/deliveries.json';
import type errors from './en/errors.json';
import type events from './en/events.json';
import type gettingStarted from './en/getting_started.json';
import type home from './en/home.json';
import type inboxes from './en/inboxes.json';
import type notices from './en/notices.json';
import type records from './en/records.json';
import type settings from './en/settings.json';
import type venues from './en/venues.json';
import type webhooks from './en/webhooks.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: {
      access: typeof access;
      common: typeof common;
      deliveries: typeof deliveries;
      errors: typeof errors;
      events: typeof events;
      getting_started: typeof gettingStarted;
      home: typeof home;
      inboxes: typeof inboxes;
      notices: typeof notices;
      records: typeof records;
      settings: typeof settings;
      venues: typeof venues;
      webhooks: typeof webhooks;
    };
  }
}
