import { expect, it } from 'vitest';

import enAudit from '@/texts/en/audit.json';
import enCauses from '@/texts/en/causes.json';
import enErrors from '@/texts/en/errors.json';
import enHealth from '@/texts/en/health.json';
import enNotices from '@/texts/en/notices.json';
import enRefusals from '@/texts/en/refusals.json';
import enSettings from '@/texts/en/settings.json';
import frAudit from '@/texts/fr/audit.json';
import frCauses from '@/texts/fr/causes.json';
import frErrors from '@/texts/fr/errors.json';
import frHealth from '@/texts/fr/health.json';
import frNotices from '@/texts/fr/notices.json';
import frRefusals from '@/texts/fr/refusals.json';
import frSettings from '@/texts/fr/settings.json';
// eslint-disable-next-line no-restricted-imports -- the description of the server, which is not a part of the dashboard
import description from '../../../build/openapi.json';

const schemas = description.components.schemas;
const named = (texts: Record<string, string>, code: string) => texts[code] ?? texts[`${code}_other`];
// "session.created" in { session: { created: … } }
const nested = (texts: object, code: string) => code.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], texts);
const languages = {
  en: { audit: enAudit, causes: enCauses, errors: enErrors, health: enHealth, notices: enNotices, refusals: enRefusals, settings: enSettings },
  fr: { audit: frAudit, causes: frCauses, errors: frErrors, health: frHealth, notices: frNotices, refusals: frRefusals, settings: frSettings },
};

for (const [language, { audit, causes, errors, health, notices, refusals, settings }] of Object.entries(languages)) {
  it(`every code of the server has a sentence: ${language}`, () => {
    const lacking = [
      ...schemas.FieldError.properties.code.enum.filter((code) => !named(refusals, code)),
      ...schemas.Problem.properties.type.enum.map((type) => type.replace(/^\/docs#(problem-)?/, '')).filter((kind) => !named(errors.problem, kind)),
      ...schemas.Attempt.properties.error.properties.code.enum.filter((code) => !named(causes.attempt, code) || !named(causes.hint, code)),
      ...schemas.Notice.properties.cause_code.enum.filter((code) => code !== null && !named(causes.attempt, code)),
      ...schemas.WebhookHealth.properties.code.enum.filter((code) => code !== null && !named(health.reason, code)),
      ...schemas.WebhookCondition.enum.filter((code) => !named(health as never, code)),
      ...schemas.Notice.properties.event.enum.filter((event) => !nested(notices.events, event)),
      ...schemas.Notice.properties.state.enum.filter((state) => !named(notices.states, state)),
      ...schemas.Notice.properties.error_code.enum.filter((code) => code !== null && !named(notices.errors, code)),
      ...schemas.AuditDetailCode.enum.filter((code) => !named(audit.details, code)),
      ...schemas.AuditAction.enum.filter((action) => !nested(settings.audit.actions, action)),
    ];
    expect(lacking).toEqual([]);
  });

  it(`no sentence is kept for a code that the server does not send: ${language}`, () => {
    const sent = new Set([...schemas.AuditDetailCode.enum, ...schemas.FieldError.properties.code.enum, ...schemas.Problem.properties.type.enum.map((type) => type.replace(/^\/docs#(problem-)?/, ''))]);
    const kept = [...Object.keys(audit.details), ...Object.keys(refusals), ...Object.keys(errors.problem)].map((key) => key.replace(/_(one|many|other)$/, ''));
    expect(kept.filter((key) => !sent.has(key))).toEqual([]);
    expect(Object.keys(notices.errors).filter((code) => !schemas.Notice.properties.error_code.enum.includes(code))).toEqual([]);
  });
}
