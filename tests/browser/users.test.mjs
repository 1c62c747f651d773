// Invitations, first passwords, the second factor, and sessions, as people meet them: in English on a computer, in French
// on a phone.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';

import { eventually } from '../harness/eventually.mjs';
import { totp } from '../harness/totp.mjs';
import { administrator, assertAccessible, assertFits, closeBrowser, open, openPage, screenshot, startDashboard } from './dashboard.mjs';

after(closeBrowser);

const password = 'battery staple horse';
const dialog = (page) => page.getByRole('dialog');
const textIn = (page, name) => page.getByRole('textbox', { name, exact: true });

async function fillNew(page, name, email) {
  await open(page, '/settings/users');
  await page.getByRole('button', { name: 'New user' }).click();
  await dialog(page).getByLabel('Name').fill(name);
  await dialog(page).getByLabel('E-mail').fill(email);
}

test('a user is invited, chooses a password by the link, and the link is good no longer', async (t) => {
  const server = await startDashboard(t);
  const page = await openPage(t, server);
  await fillNew(page, 'Max', 'max@example.com');
  await assertAccessible(page, 'the dialog of a new user');
  await dialog(page).getByRole('button', { name: 'Invite' }).click();
  const link = await dialog(page).getByRole('region', { name: 'Link' }).innerText();
  assert.ok(link.trim().startsWith(`${server.url}/invite#`), link);
  await assertAccessible(page, 'the link');
  await screenshot(page, 'invitation');
  await dialog(page).getByRole('button', { name: 'Done' }).click();
  await page.getByRole('row', { name: /max@example.com/ }).getByText('Invited').waitFor();

  const theirs = await openPage(t, server, { signedIn: null });
  await theirs.goto(link.trim());
  await theirs.getByRole('heading', { name: 'Welcome, Max' }).waitFor();
  await assertAccessible(theirs, 'the invitation');
  await textIn(theirs, 'New password').fill('short');
  await theirs.getByRole('button', { name: 'Set password and sign in' }).click();
  await theirs.getByText('At least 12 characters').waitFor();
  await textIn(theirs, 'New password').fill(password);
  await theirs.getByRole('button', { name: 'Set password and sign in' }).click();
  await theirs.getByRole('button', { name: /Max/ }).first().waitFor();

  const late = await openPage(t, server, { signedIn: null });
  await late.goto(link.trim());
  await late.getByRole('heading', { name: 'This link no longer works' }).waitFor();
  await assertAccessible(late, 'a used link');
});

test('a lost password is reset by a link that an administrator makes', async (t) => {
  const server = await startDashboard(t);
  await server.api.post('/api/users', { name: 'Max', email: 'max@example.com', role: 'manager', scope: {}, password: 'the first password' });
  const page = await openPage(t, server, { language: 'fr-FR' });
  await open(page, '/settings/users');
  await page.getByRole('button', { name: /Max/ }).click();
  await page.getByRole('menuitem', { name: 'Lien pour un nouveau mot de passe' }).click();
  await dialog(page).getByRole('button', { name: 'Créer le lien' }).click();
  const link = (await dialog(page).getByRole('region', { name: 'Lien' }).innerText()).trim();

  const phone = await openPage(t, server, { language: 'fr-FR', phone: true, signedIn: null });
  await phone.goto(link);
  await phone.getByRole('heading', { name: 'Un nouveau mot de passe pour Max' }).waitFor();
  await assertFits(phone, 'the reset');
  await screenshot(phone, 'reset-phone');
  await textIn(phone, 'Nouveau mot de passe').fill(password);
  await phone.getByRole('button', { name: 'Enregistrer et se connecter' }).click();
  await phone.getByRole('button', { name: /Max/ }).first().waitFor();
});

test('a password that somebody else gave is changed before anything else', async (t) => {
  const server = await startDashboard(t);
  const page = await openPage(t, server);
  await fillNew(page, 'Max', 'max@example.com');
  await dialog(page).getByRole('radio', { name: 'With a password' }).check();
  await textIn(dialog(page), 'Password').fill('the first password');
  await dialog(page).getByRole('button', { name: 'Create user' }).click();
  await page.getByRole('row', { name: /max@example.com/ }).waitFor();

  const max = { email: 'max@example.com', password: 'the first password' };
  const phone = await openPage(t, server, { language: 'fr-FR', phone: true, signedIn: max });
  await open(phone, '/webhooks');
  await phone.getByRole('heading', { name: 'Choisissez votre mot de passe' }).waitFor();
  await assertAccessible(phone, 'the first password');
  await assertFits(phone, 'the first password');
  await textIn(phone, 'Le mot de passe que vous avez reçu').fill(max.password);
  await textIn(phone, 'Nouveau mot de passe').fill(max.password);
  await phone.getByRole('button', { name: 'Changer le mot de passe' }).click();
  await phone.getByText('Choisissez-en un autre que l’actuel.').waitFor();
  await textIn(phone, 'Nouveau mot de passe').fill(password);
  await phone.getByRole('button', { name: 'Changer le mot de passe' }).click();
  await phone.waitForURL((url) => url.pathname === '/');
});

test('the second factor is set up with a QR code, asked for, and switched off', async (t) => {
  const server = await startDashboard(t);
  const page = await openPage(t, server);
  await open(page, '/account');
  await page.getByRole('button', { name: 'Set up' }).click();
  await textIn(dialog(page), 'Current password').fill(administrator.password);
  await dialog(page).getByRole('button', { name: 'Next' }).click();
  await page.getByRole('img', { name: 'QR code for the app' }).waitFor();
  const secret = (await page.getByRole('region', { name: 'Secret for the app' }).innerText()).trim();
  assert.match(secret, /^[A-Z2-7]{32}$/);
  await assertAccessible(page, 'setting the second factor up');
  await screenshot(page, 'second-factor');
  await textIn(page, 'Code').fill('000000');
  await page.getByRole('button', { name: 'Switch on' }).click();
  await page.getByText('This code is wrong, or was used before.').waitFor();
  await textIn(page, 'Code').fill(totp(secret));
  await page.getByRole('button', { name: 'Switch on' }).click();
  const codes = (await page.getByRole('region', { name: 'Recovery codes' }).innerText()).trim().split(/\s+/);
  assert.equal(codes.length, 10);
  await page.getByRole('button', { name: 'I have saved them' }).click();

  const phone = await openPage(t, server, { language: 'fr-FR', phone: true, signedIn: null });
  await open(phone, '/sign-in');
  await textIn(phone, 'E-mail').fill(administrator.email);
  await textIn(phone, 'Mot de passe').fill(administrator.password);
  await phone.getByRole('button', { name: 'Se connecter' }).click();
  await phone.getByRole('heading', { name: 'Connexion en deux étapes' }).waitFor();
  await assertAccessible(phone, 'the second step');
  await assertFits(phone, 'the second step');
  await screenshot(phone, 'second-step-phone');
  await textIn(phone, 'Code').fill('000000');
  await phone.getByRole('button', { name: 'Se connecter' }).click();
  await phone.getByText('Le code est faux, ou a déjà servi.').waitFor();
  await textIn(phone, 'Code').fill(codes[0]);
  await phone.getByRole('button', { name: 'Se connecter' }).click();
  await phone.waitForURL((url) => url.pathname === '/');

  await open(page, '/account');
  await page.getByRole('button', { name: 'Switch off' }).click();
  await textIn(dialog(page), 'Current password').fill(administrator.password);
  await textIn(dialog(page), 'Code').fill(codes[1]);
  await dialog(page).getByRole('button', { name: 'Switch off' }).click();
  await page.getByRole('button', { name: 'Set up' }).waitFor();
});

test('sessions are listed and ended, one\'s own and, by an administrator, those of others', async (t) => {
  const server = await startDashboard(t);
  const max = { email: 'max@example.com', password };
  await server.api.post('/api/users', { name: 'Max', role: 'manager', scope: {}, ...max });
  const page = await openPage(t, server);
  const other = await openPage(t, server);
  const theirs = await openPage(t, server, { signedIn: max });
  await open(page, '/account');
  await page.getByText('This one').waitFor();
  const others = page.getByRole('button', { name: /^End the session/ });
  for (let left = await others.count(); left > 0; --left) {
    await others.first().click();
    await eventually(async () => (await others.count()) === left - 1, 'a session less');
  }
  await other.goto('/contacts');
  await other.waitForURL('**/sign-in?next=%2Fcontacts');
  await open(page, '/settings/users');
  await page.getByRole('button', { name: 'Actions for Max' }).click();
  await page.getByRole('menuitem', { name: 'Sessions' }).click();
  await dialog(page).getByRole('button', { name: /^End the session/ }).waitFor();
  await page.getByRole('menu').waitFor({ state: 'hidden' });
  await assertAccessible(page, 'the sessions of another');
  await dialog(page).getByRole('button', { name: /^End the session/ }).click();
  await dialog(page).getByText('Nowhere at the moment.').waitFor();
  await theirs.goto('/contacts');
  await theirs.waitForURL('**/sign-in?next=%2Fcontacts');
});
