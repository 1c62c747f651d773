import { createHmac } from 'node:crypto';

const secret = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
const body = '{"event":"contact.created","timestamp":1731493800000,"venue_id":"venue123","data":{"id":"contact-456","first_name":"Zoé"}}';
const expected = '2ea47e3a82c6ba07a09bde5107c6ffe0df71fcd2432c84fcc1aeb550bde01104';

const computed = createHmac('sha256', secret).update(body).digest('hex');
console.log(computed === expected ? 'right' : `wrong: ${computed}`);
