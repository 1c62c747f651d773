// Samples of what each event carries. They are the examples of the API's description, which a test holds them against.
import type { EventType } from '@/api/schema';

export const samples: Record<EventType, unknown> = {
  'account.created': {
    event: 'account.created', timestamp: 1731495000000, venue_id: 'venue123', venues_group_id: 'group456',
    data: {
      id: 'account-123', name: 'Acme Corp', legal_name: 'ACME CORPORATION SAS', company_type: 'SAS',
      company_registration_id: '123456789', vat_number: 'FR12345678901', address_line_1: '123 rue Example',
      address_line_2: 'Batiment A', postal_code: '75001', city: 'Paris', country: 'France',
      billing_address_line_1: '123 rue Example', billing_postal_code: '75001', billing_city: 'Paris',
      billing_country: 'France', created_at: 1731495000000,
    },
  },
  'account.updated': {
    event: 'account.updated', timestamp: 1731495100000, venue_id: 'venue123', venues_group_id: 'group456',
    data: {
      id: 'account-123', name: 'Acme Corporation', legal_name: 'ACME CORPORATION SAS', company_type: 'SAS',
      company_registration_id: '123456789', vat_number: 'FR98765432101', address_line_1: '123 rue Example',
      address_line_2: 'Batiment A', postal_code: '75001', city: 'Paris', country: 'France',
      billing_address_line_1: '123 rue Example', billing_postal_code: '75001', billing_city: 'Paris',
      billing_country: 'France', created_at: 1731495000000,
    },
  },
  'account.deleted': {
    event: 'account.deleted', timestamp: 1731495200000, venue_id: 'venue123', venues_group_id: 'group456',
    data: { id: 'account-123' },
  },
  'contact.created': {
    event: 'contact.created', timestamp: 1731493800000, venue_id: 'venue123', venues_group_id: 'group456',
    data: {
      id: 'contact-456', first_name: 'John', last_name: 'Doe', email: 'john.doe@example.com', phone: '+33612345678',
      landline_phone: '+33145678901', title: 'CEO', account_id: 'account-123', optin_marketing: true,
      address_line_1: '10 rue Example', postal_code: '75001', city: 'Paris', country: 'France',
      created_at: 1731493800000,
    },
  },
  'contact.updated': {
    event: 'contact.updated', timestamp: 1731493900000, venue_id: 'venue123', venues_group_id: 'group456',
    data: {
      id: 'contact-456', first_name: 'John', last_name: 'Doe', email: 'john.doe@example.com', phone: '+33698765432',
      landline_phone: '+33145678901', title: 'CEO', account_id: 'account-123', optin_marketing: true,
      address_line_1: '10 rue Example', postal_code: '75001', city: 'Paris', country: 'France',
      created_at: 1731493800000,
    },
  },
  'contact.deleted': {
    event: 'contact.deleted', timestamp: 1731494000000, venue_id: 'venue123', venues_group_id: 'group456',
    data: { id: 'contact-456' },
  },
};
