import { expect, it } from 'vitest';

import en from '@/texts/en/errors.json';
import fr from '@/texts/fr/errors.json';
// eslint-disable-next-line no-restricted-imports -- the description of the server, which is not a part of the dashboard
import description from '../../../build/openapi.json';

const schemas = description.components.schemas;
const named = (texts: Record<string, string>, code: string) => texts[code] ?? texts[`${code}_other`];

for (const [language, texts] of Object.entries({ en, fr })) {
  it(`every code of the server has a sentence: ${language}`, () => {
    const lacking = [
      ...schemas.FieldError.properties.code.enum.filter((code) => !named(texts.field, code)),
      ...schemas.Problem.properties.type.enum.map((type) => type.replace(/^\/docs#(problem-)?/, '')).filter((kind) => !named(texts.problem, kind)),
      ...schemas.Attempt.properties.error.properties.code.enum.filter((code) => !named(texts.attempt, code) || !named(texts.hint, code)),
      ...schemas.WebhookHealth.properties.code.enum.filter((code) => code !== null && !named(texts.health, code)),
    ];
    expect(lacking).toEqual([]);
  });
}
