import { expect, it } from 'vitest';

import enCauses from '@/texts/en/causes.json';
import enErrors from '@/texts/en/errors.json';
import enHealth from '@/texts/en/health.json';
import enRefusals from '@/texts/en/refusals.json';
import frCauses from '@/texts/fr/causes.json';
import frErrors from '@/texts/fr/errors.json';
import frHealth from '@/texts/fr/health.json';
import frRefusals from '@/texts/fr/refusals.json';
// eslint-disable-next-line no-restricted-imports -- the description of the server, which is not a part of the dashboard
import description from '../../../build/openapi.json';

const schemas = description.components.schemas;
const named = (texts: Record<string, string>, code: string) => texts[code] ?? texts[`${code}_other`];
const languages = {
  en: { causes: enCauses, errors: enErrors, health: enHealth, refusals: enRefusals },
  fr: { causes: frCauses, errors: frErrors, health: frHealth, refusals: frRefusals },
};

for (const [language, { causes, errors, health, refusals }] of Object.entries(languages)) {
  it(`every code of the server has a sentence: ${language}`, () => {
    const lacking = [
      ...schemas.FieldError.properties.code.enum.filter((code) => !named(refusals, code)),
      ...schemas.Problem.properties.type.enum.map((type) => type.replace(/^\/docs#(problem-)?/, '')).filter((kind) => !named(errors.problem, kind)),
      ...schemas.Attempt.properties.error.properties.code.enum.filter((code) => !named(causes.attempt, code) || !named(causes.hint, code)),
      ...schemas.Notice.properties.cause_code.enum.filter((code) => code !== null && !named(causes.attempt, code)),
      ...schemas.WebhookHealth.properties.code.enum.filter((code) => code !== null && !named(health.reason, code)),
    ];
    expect(lacking).toEqual([]);
  });
}
