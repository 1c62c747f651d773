// The cache keeps the API keys under this key.
export const apiKeysKey = ['api-keys'] as const;
