// Under which the users are kept while they are shown.
export const usersKey = ['users'] as const;
