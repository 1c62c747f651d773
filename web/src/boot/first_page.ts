// The page at an address begins with these: its module, the areas of its texts, and what it asks of the server. They are loaded
// beside the frame's code and not after it. A page that is missing here loads them when it asks for them.

export interface FirstPage {
  // The module under src/pages that the routes import.
  page: string;
  areas: string[];
  // Addresses of the API, exactly as the page is going to ask for them; those of a list that is not narrowed.
  asks: string[];
}

const query = (...parts: string[]) => (parts.join('') === '' ? '' : `?${parts.filter((part) => part !== '').join('&')}`);

// The first pattern that the address matches counts. A scope is "venue_id=venue123", or empty for all.
const pages: [RegExp, string, string[], ((scope: string) => string[])?][] = [
  [/^\/$/, 'home/HomePage', ['home', 'health'], (scope) => [`webhook-counts${query(scope)}`]],
  [/^\/(contact|account)s\/new$/, 'records/NewRecordPage', ['records']],
  [/^\/(contact|account)s\/import$/, 'records/import/ImportPage', ['records']],
  [/^\/(contact|account)s\/./, 'records/RecordPage', ['records']],
  [/^\/contacts$/, 'records/RecordsPage', ['records'], (scope) => [`contacts${query(scope || 'all=true', 'sort=-created_at&limit=50')}`]],
  [/^\/accounts$/, 'records/RecordsPage', ['records'], (scope) => [`accounts${query(scope || 'all=true', 'sort=-created_at&limit=50')}`]],
  [/^\/(contact|account)-imports\//, 'records/import/ImportJobPage', ['records']],
  [/^\/webhooks\/new$/, 'webhooks/NewWebhookPage', ['webhooks', 'webhook_form']],
  [/^\/webhooks\/new\/./, 'webhooks/MadeWebhookPage', ['webhooks']],
  [/^\/webhooks\/./, 'webhooks/WebhookPage', ['webhooks', 'health']],
  [/^\/webhooks$/, 'webhooks/WebhooksPage', ['webhooks', 'health'], (scope) => [`webhooks${query(scope, 'sort=trouble&limit=50')}`, `webhook-counts${query(scope)}`]],
  [/^\/deliveries\/./, 'deliveries/DeliveryPage', ['deliveries']],
  [/^\/deliveries$/, 'deliveries/DeliveriesPage', ['deliveries'], (scope) => [`deliveries${query(scope, 'limit=50')}`]],
  [/^\/events\/./, 'events/EventPage', ['events', 'deliveries']],
  [/^\/events$/, 'events/EventsPage', ['events', 'deliveries'], (scope) => [`events${query(scope, 'limit=30')}`]],
  [/^\/venues\/./, 'venues/VenuePage', ['venues', 'health']],
  [/^\/inboxes$/, 'inboxes/InboxesPage', ['inboxes'], (scope) => [`inboxes${query(scope, 'sort=-created_at&limit=10')}`]],
  [/^\/account$/, 'account/AccountPage', ['access']],
  [/^\/getting-started$/, 'getting_started/GettingStartedPage', ['getting_started']],
  [/^\/settings\/integrations$/, 'settings/IntegrationsPage', ['settings'], (scope) => [`api-keys${query(scope, 'sort=name&limit=50')}`, `webhooks${query(scope, 'sort=trouble&limit=50')}`]],
  [/^\/settings\/fields$/, 'settings/fields/FieldsPage', ['settings']],
  [/^\/settings\/venues$/, 'settings/VenuesPage', ['settings'], () => ['venues?sort=name&limit=50', 'venues-groups?sort=name&limit=50']],
  [/^\/settings\/notices$/, 'settings/notices/NoticesPage', ['notices']],
  [/^\/settings\/users$/, 'settings/users/UsersPage', ['settings', 'users'], () => ['users?sort=name&limit=50']],
  [/^\/settings\/audit$/, 'settings/audit/AuditPage', ['settings', 'audit'], () => ['audit?limit=50']],
  [/^\/sign-in$/, 'access/SignInPage', ['access']],
  [/^\/setup$/, 'access/SetupPage', ['access']],
  [/^\/invite$/, 'access/InvitePage', ['access']],
  [/^\/confirm$/, 'access/ConfirmPage', ['access']],
  [/^\/first-password$/, 'access/FirstPasswordPage', ['access']],
];

// Null: there is no such page.
export function firstPage(pathname: string, search = ''): FirstPage | null {
  const path = pathname.replace(/^\/[vg]\/[^/]+/, '').replace(/(.)\/$/, '$1') || '/';
  const [, page, areas, asks] = pages.find(([pattern]) => pattern.test(path)) ?? [];
  if (page === undefined) return null;
  const [, kind, id] = /^\/([vg])\/([^/]+)/.exec(pathname) ?? [];
  const scope = id === undefined ? '' : `${kind === 'v' ? 'venue_id' : 'venues_group_id'}=${id}`;
  return { page, areas: areas!, asks: search === '' && asks ? asks(scope).map((ask) => `/api/${ask}`) : [] };
}

const withoutSession = /^\/(setup|sign-in|invite|confirm|first-password)\b/;

// Tells whether the page at an address is for who is signed in.
export function needsSession(pathname: string): boolean {
  return !withoutSession.test(pathname);
}
