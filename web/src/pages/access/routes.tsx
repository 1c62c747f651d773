// First start, sign-in, invitation, forced change of a password, and the confirmation of an address: the pages without
// the shell.
import type { RouteObject } from 'react-router';

export const accessRoutes: RouteObject[] = [
  { path: 'setup', lazy: async () => ({ Component: (await import('./SetupPage')).SetupPage }) },
  { path: 'sign-in', lazy: async () => ({ Component: (await import('./SignInPage')).SignInPage }) },
  { path: 'invite', lazy: async () => ({ Component: (await import('./InvitePage')).InvitePage }) },
  { path: 'confirm', lazy: async () => ({ Component: (await import('./ConfirmPage')).ConfirmPage }) },
  { path: 'first-password', lazy: async () => ({ Component: (await import('./FirstPasswordPage')).FirstPasswordPage }) },
];
