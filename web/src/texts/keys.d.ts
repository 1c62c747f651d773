// Makes t('…') know the keys: one line per page area.
import 'i18next';

import type access from './en/access.json';
import type audit from './en/audit.json';
import type bench from './en/bench.json';
import type causes from './en/causes.json';
import type common from './en/common.json';
import type deliveries from './en/deliveries.json';
import type duplicate from './en/duplicate.json';
import type errors from './en/errors.json';
import type events from './en/events.json';
import type gettingStarted from './en/getting_started.json';
import type health from './en/health.json';
import type home from './en/home.json';
import type inboxes from './en/inboxes.json';
import type notices from './en/notices.json';
import type records from './en/records.json';
import type refusals from './en/refusals.json';
import type settings from './en/settings.json';
import type users from './en/users.json';
import type venues from './en/venues.json';
import type webhookActs from './en/webhook_acts.json';
import type webhookForm from './en/webhook_form.json';
import type webhooks from './en/webhooks.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: {
      access: typeof access;
      audit: typeof audit;
      bench: typeof bench;
      causes: typeof causes;
      common: typeof common;
      deliveries: typeof deliveries;
      duplicate: typeof duplicate;
      errors: typeof errors;
      events: typeof events;
      getting_started: typeof gettingStarted;
      health: typeof health;
      home: typeof home;
      inboxes: typeof inboxes;
      notices: typeof notices;
      records: typeof records;
      refusals: typeof refusals;
      settings: typeof settings;
      users: typeof users;
      venues: typeof venues;
      webhook_acts: typeof webhookActs;
      webhook_form: typeof webhookForm;
      webhooks: typeof webhooks;
    };
  }
}
